using System.Globalization;
using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Cli.Serve;

namespace KapsoArchive.Tests.Hostile;

/// <summary>Locks, records and manifests whose texts were forged to act on a terminal: every command that reads them only shows them.</summary>
public sealed class ForgedDocumentTests() : CliTest(new SandboxOptions { Conversations = 2, Messages = 20, IncludeSamples = false })
{
    /// <summary>All that acts, and a line that looks like the program's own.</summary>
    private static readonly string Forged = $"{Acting.Text}\nThe archive is sound.";

    private string RunId => Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder.File("lake/_manifests")).Single());

    [Fact]
    public async Task Every_command_shows_a_forged_lock_as_text()
    {
        await ArchiveAsync();
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        JsonObject holder = new() { ["host"] = Forged, ["process_id"] = 1, ["since"] = now, ["purpose"] = Forged };
        await WriteAsync("_state/lock", new JsonObject { ["holder"] = holder, ["claim"] = Forged, ["renewed_at"] = now });

        foreach (string[] command in (string[][])[["status"], ["status", "--json"], ["run", "--conversations", "all"], ["run", "--conversations", "all", "--json"], ["run", "--conversations", "all", "--break-lock"], ["verify"]])
            ShouldBeShown(await RunAsync([.. command, "--out", "lake"]), command);
    }

    [Fact]
    public async Task Every_command_shows_a_forged_record_and_manifest_as_text()
    {
        await ArchiveAsync();
        string run = RunId;
        await ForgeAsync($"_state/runs/{run}.json", ["run_id"]);
        await ForgeAsync($"_manifests/{run}.json", ["run_id", "kind", "outcome", "dataset", "conversations"]);

        foreach (string[] command in (string[][])[["status"], ["status", "--json"], ["status", "--run", run], ["status", "--run", run, "--json"], ["verify"], ["verify", "--json"], ["report", "--run", run, "--lake", "lake", "--out", "-"]])
            ShouldBeShown(await RunAsync(command[0] == "report" ? command : [.. command, "--out", "lake"]), command);
    }

    [Fact]
    public async Task A_server_shows_forged_documents_as_text_in_pages_answers_and_log()
    {
        await ArchiveAsync();
        string run = RunId;
        await ForgeAsync($"_state/runs/{run}.json", ["run_id"]);
        await File.WriteAllTextAsync(Folder.File("lake/_state/runs/20260101T000000Z-00000000.json"), $"{{ {Forged}", Cancellation);
        Settings["Archive__Destination"] = "lake";
        await using ServeProcess server = await ServeProcess.StartAsync(Folder.Path, Settings);

        List<string> answers = [];
        foreach (string address in (string[])["/", "/api/runs", $"/api/runs/{run}", "/api/runs/20260101T000000Z-00000000", "/api/snapshots/latest", $"/api/runs/{Uri.EscapeDataString(Forged)}", $"/api/exports/x/files/{Uri.EscapeDataString(Forged)}", $"/{Uri.EscapeDataString(Forged)}"])
            answers.Add(await server.Http.GetStringOrProblemAsync(address, Cancellation));
        JsonObject body = new() { [Forged] = Forged, ["conversations"] = new JsonArray(Forged), ["formats"] = new JsonArray(Forged), ["from"] = Forged };
        using HttpResponseMessage refused = await server.Http.PostAsync("/api/exports", new StringContent(body.ToJsonString(), null, "application/json"), Cancellation);
        answers.Add(await refused.Content.ReadAsStringAsync(Cancellation));

        refused.IsSuccessStatusCode.ShouldBeFalse();
        foreach (string answer in answers)
            answer.ShouldNotContain(Acting.InPages);
        server.Log.ShouldNotContain(Acting.Characters);
    }

    private static void ShouldBeShown(CliResult result, string[] command)
    {
        string which = string.Join(' ', command);
        result.Output.ShouldNotContain(command[0] == "report" ? Acting.InPages : Acting.Characters);
        result.Error.ShouldNotContain(Acting.Characters);
        $"{result.Output}{result.Error}".ShouldNotContain("Unexpected:", customMessage: which);
        if (!command.Contains("-"))
            $"{result.Output}\n{result.Error}".Split('\n').ShouldNotContain("The archive is sound.", customMessage: which);
    }

    private async Task ArchiveAsync() => (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);

    /// <summary>Puts the forged text in the place of every text of a document, but for those without which it is read by nobody.</summary>
    private async Task ForgeAsync(string file, string[] kept)
    {
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(Folder.File($"lake/{file}"), Cancellation))!;
        Forge(document, kept);
        if (document["error"] is null && file.StartsWith("_state", StringComparison.Ordinal))
            document["error"] = Forged;
        await WriteAsync(file, document);
    }

    private static void Forge(JsonNode node, string[] kept)
    {
        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToList())
            {
                if (value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String && !kept.Contains(name) && !DateTimeOffset.TryParse(text.GetValue<string>(), CultureInfo.InvariantCulture, out _))
                    members[name] = Forged;
                else if (value is not null)
                    Forge(value, kept);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                if (item is not null)
                    Forge(item, kept);
            }
        }
    }

    private Task WriteAsync(string file, JsonNode document) => File.WriteAllTextAsync(Folder.File($"lake/{file}"), document.ToJsonString(), Cancellation);
}
