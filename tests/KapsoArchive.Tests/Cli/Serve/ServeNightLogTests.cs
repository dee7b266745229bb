using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>What the log of a server says of a night, as JSON: what is not complete, and what is damaged. And nothing more.</summary>
public sealed class ServeNightLogTests() : CliTest(new SandboxOptions { Conversations = 4, Messages = 100 })
{
    private const string Absent = "00000000-0000-4000-8000-00000000dead";

    [Fact]
    public async Task A_partial_night_and_damage_are_one_warning_each_and_the_front_page_tells_damage()
    {
        string known = Sandbox.Data.Conversations[0].Id;
        (await RunAsync("run", "--conversation", known, "--out", "lake")).ExitCode.ShouldBe(0);
        string part = Folder.File($"lake/{Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal))}");
        byte[] bytes = await File.ReadAllBytesAsync(part, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(part, bytes, Cancellation);
        Settings["Archive__Conversations"] = $"{known},{Absent}";
        Settings["Archive__VerifySubset"] = "100%";
        Settings["Logging__Console__FormatterName"] = "json";

        JsonNode[] warnings = await NightAsync(isDamaged: true);

        warnings.Length.ShouldBe(2, string.Join('\n', warnings.Select(w => w.ToJsonString())));
        ((string)warnings[0]["Message"]!).ShouldMatch($@"^Run \S+ is not complete: 1 conversation \({Absent}\)\. See `kapso-archive status --run \S+`\.$");
        ((string)warnings[1]["Message"]!).ShouldMatch(@"^The archive is damaged: [0-9]+ findings?; the first: messages/\S+ .* See `kapso-archive verify`\.$");

        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(part, bytes, Cancellation);
        Settings["Archive__Conversations"] = "all";
        (await NightAsync(isDamaged: false)).ShouldBeEmpty();
    }

    /// <returns>The warnings and errors of a server that made one night.</returns>
    private async Task<JsonNode[]> NightAsync(bool isDamaged)
    {
        await using ServeProcess server = await ServeProcess.StartAsync(Folder.Path, Settings, "--out", "lake", "--urls", "http://127.0.0.1:0");
        using HttpResponseMessage begun = await server.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), content: null, Cancellation);
        string id = (string)JsonNode.Parse(await begun.Content.ReadAsStringAsync(Cancellation))!["id"]!;
        while (!IsVerified(id))
            await Task.Delay(100, Cancellation);
        string page = await server.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);
        page.Contains("The archive is damaged", StringComparison.Ordinal).ShouldBe(isDamaged, page[..Math.Min(page.Length, 2000)]);
        (await server.TerminateAsync()).ShouldBe(0, server.Log);
        JsonNode[] log = [.. server.Log.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!)];
        log.Select(l => (string)l["LogLevel"]!).ShouldContain("Information");
        return [.. log.Where(l => (string)l["LogLevel"]! is "Warning" or "Error" or "Critical")];
    }

    /// <summary>Whether the verification after the run has been recorded.</summary>
    private bool IsVerified(string runId)
    {
        string mark = Folder.File($"lake/_state/nights/{runId}");
        string record = Folder.File("lake/_state/verification.json");
        return File.Exists(mark) && File.Exists(record) && File.GetLastWriteTimeUtc(record) > File.GetLastWriteTimeUtc(mark);
    }
}
