using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

/// <summary>An export out of the archive: Kapso is switched off, and no key is set.</summary>
public sealed class ArchivedExportTests() : CliTest(new SandboxOptions { Conversations = 6, Messages = 900 })
{
    private const string TalkId = "66666666-6666-4666-8666-666666666666";

    [Theory]
    [InlineData("parquet,jsonl,csv,html")]
    [InlineData("parquet")]
    public async Task Everything_archived_is_exported_in_every_format(string archived)
    {
        string lake = await ArchiveAsync(archived);

        CliResult result = await RunAsync("export", "--source", "archive", "--conversations", "all", "--out", "lake", "--format", "parquet,jsonl,csv,html", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        JsonElement manifest = JsonElement.Parse(result.Output);
        string folder = Folder.File($"lake/exports/{manifest.GetProperty("run_id").GetString()}");
        manifest.GetProperty("request").GetProperty("source").GetString().ShouldBe("archive");
        manifest.GetProperty("totals").GetProperty("requests").GetInt64().ShouldBe(0);
        using var duck = new DuckDb();
        const string Columns = "conversation_id, id, created_at, content, message_type_data, metadata, extra, phone_number, position";
        string original = $"SELECT {Columns} FROM read_parquet('{lake}/messages/*/*.parquet', union_by_name = true)";
        string exported = $"SELECT {Columns} FROM read_parquet('{folder}/messages/*.parquet')";
        duck.Rows($"{original} EXCEPT ALL {exported}").ShouldBeEmpty();
        duck.Rows($"{exported} EXCEPT ALL {original}").ShouldBeEmpty();
        duck.Rows($"SELECT count(*) FROM read_csv('{folder}/messages_csv/*.csv', all_varchar = true)").Single()[0].ShouldBe(duck.Rows($"SELECT count(*) FROM ({exported})").Single()[0]);
        duck.Rows($"SELECT DISTINCT outcome FROM read_parquet('{folder}/conversations/*.parquet')").Single()[0].ShouldBe("complete");
        duck.Rows($"SELECT reason FROM read_parquet('{folder}/conversations/*.parquet') WHERE NOT regexp_matches(reason, '^as of 20[0-9-]+T[0-9:]+Z, from the archive$')").ShouldBeEmpty();
        EqualRecords(Directory.EnumerateFiles($"{folder}/messages_jsonl").SelectMany(f => Lines(f)));
        CliResult verified = await RunAsync("verify", "--export", manifest.GetProperty("run_id").GetString()!, "--out", "lake");
        verified.ExitCode.ShouldBe(0, verified.Error + verified.Output);
    }

    [Fact]
    public async Task A_person_is_named_by_number_and_the_newest_versions_of_a_time_span_are_taken()
    {
        var talk = new Talk(TalkId, "Ana Pérez", "+51900000001");
        talk.Say("First");
        talk.Say("Second", minutes: 60 * 24 * 3);
        talk.Say("Third", minutes: 60 * 24 * 3);
        talk.AddTo(Sandbox);
        await ArchiveAsync("parquet");

        CliResult result = await RunAsync(
            "export", "--source", "archive", "--conversation", "900 000 001", "--from", "2026-03-03", "--to", "2026-03-06", "--out", "lake", "--format", "jsonl,html", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        string folder = Folder.File($"lake/exports/{JsonElement.Parse(result.Output).GetProperty("run_id").GetString()}");
        Directory.EnumerateFiles($"{folder}/messages_jsonl").SelectMany(f => Lines(f)).Select(r => (string?)r["content"]).ShouldBe(["Second"]);
        string page = await File.ReadAllTextAsync($"{folder}/messages_html/{TalkId}/index.html", Cancellation);
        page.ShouldContain("Second");
        page.ShouldNotContain("Third");
        page.ShouldContain(", from the archive");
    }

    [Fact]
    public async Task What_the_archive_does_not_have_or_lost_is_said()
    {
        await ArchiveAsync("parquet");

        CliResult unknown = await RunAsync("export", "--source", "archive", "--conversation", TalkId, "--out", "lake");
        CliResult nowhere = await RunAsync("export", "--source", "archive", "--conversations", "all", "--out", "nowhere");
        File.Delete(Directory.EnumerateFiles(Folder.File("lake/messages"), "*.parquet", SearchOption.AllDirectories).First());
        CliResult damaged = await RunAsync("export", "--source", "archive", "--conversations", "all", "--out", "lake");
        File.Delete(Folder.File("lake/_state/index/catalog"));
        CliResult without = await RunAsync("export", "--source", "archive", "--conversations", "all", "--out", "lake");

        (unknown.ExitCode, nowhere.ExitCode, damaged.ExitCode, without.ExitCode).ShouldBe((3, 2, 1, 2), unknown.Error + nowhere.Error + damaged.Error + without.Error);
        unknown.Output.ShouldContain("the archive does not have it");
        unknown.Output.ShouldContain("Check the id with `kapso-archive conversations`");
        nowhere.Error.ShouldContain("There is no archive at ");
        damaged.Error.ShouldContain("kapso-archive verify");
        without.Error.ShouldContain("kapso-archive verify --rebuild-index");
    }

    private static IEnumerable<JsonObject> Lines(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
            yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Whether the exported records have the values that the source sent. An absent member and a null are the same.</summary>
    private void EqualRecords(IEnumerable<JsonObject> exported)
    {
        Dictionary<string, JsonObject> found = exported.ToDictionary(r => (string)r["id"]!);
        int compared = 0;
        for (int conversation = 0; conversation < Sandbox.Data.Conversations.Count; conversation++)
        {
            for (long message = 0; message < Sandbox.Data.Conversations[conversation].MessageCount; message++)
            {
                byte[] sent = Sandbox.Data.Record(conversation, message);
                JsonObject line = found[JsonElement.Parse(sent).GetProperty("id").GetString()!];
                if ((string?)line["_archive"]!["record_base64"] is { } original)
                    Convert.FromBase64String(original).ShouldBe(sent);
                else
                    JsonNode.DeepEquals(Plain(line), Plain(JsonNode.Parse(sent)!.AsObject())).ShouldBeTrue(Encoding.UTF8.GetString(sent));
                compared++;
            }
        }

        compared.ShouldBe(found.Count);
    }

    private static JsonObject Plain(JsonObject record)
    {
        var plain = new JsonObject();
        foreach ((string name, JsonNode? value) in record.Where(m => m.Value is not null && m.Key != "_archive").OrderBy(m => m.Key, StringComparer.Ordinal))
            plain[name] = name.EndsWith("_at", StringComparison.Ordinal) && DateTimeOffset.TryParse((string)value!, out DateTimeOffset time) ? time.UtcTicks : value!.DeepClone();
        return plain;
    }

    private async Task<string> ArchiveAsync(string formats)
    {
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--format", formats.Replace(",csv,html", "", StringComparison.Ordinal));
        result.ExitCode.ShouldBe(0, result.Error);
        await Sandbox.DisposeAsync();
        Settings.Clear();
        return Folder.File("lake");
    }
}
