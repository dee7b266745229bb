using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

/// <summary>An export has the archive and Kapso together, says for each conversation as of when and from where it speaks, and can be limited to a contact, a direction and a type.</summary>
public sealed class ExportSourcesTests() : CliTest(new SandboxOptions { Conversations = 3, Messages = 60 })
{
    private const string AnaId = "66666666-6666-4666-8666-666666666666";
    private const string AnaAgainId = "77777777-7777-4777-8777-777777777777";
    private const string AnabelId = "88888888-8888-4888-8888-888888888888";

    [Fact]
    public async Task Without_options_an_export_has_what_is_archived_and_what_Kapso_has_now()
    {
        MovingListing ana = Ana();
        await NightAsync();
        string deleted = ana.At(4).Id;
        ana.Delete(deleted);
        string added = ana.InsertNewest().Id;

        (JsonElement manifest, string folder) = await ExportAsync(0, "--conversations", "all", "--format", "parquet");
        CliResult printed = await RunAsync("export", "--conversation", "900 000 001", "--out", "lake");

        using var duck = new DuckDb();
        string[] ids = [.. duck.Rows($"SELECT id FROM read_parquet('{folder}/messages/*.parquet') WHERE conversation_id = '{AnaId}'").Select(r => (string)r[0]!)];
        ids.Length.ShouldBe(13);
        ids.ShouldContain(deleted);
        ids.ShouldContain(added);
        manifest.GetProperty("request").GetProperty("source").GetString().ShouldBe("both");
        JsonElement said = manifest.GetProperty("provenance").EnumerateArray().ShouldHaveSingleItem();
        (said.GetProperty("source").GetString(), said.GetProperty("count").GetInt32()).ShouldBe(("both", 4));
        Reasons(duck, folder).ShouldAllBe(reason => reason!.StartsWith("as of 20") && reason.EndsWith("Z, from Kapso and the archive"));
        printed.ExitCode.ShouldBe(0, printed.Error);
        printed.Output.ReplaceLineEndings(" ").ShouldContain("Z, from Kapso and the archive.");
    }

    [Fact]
    public async Task If_Kapso_cannot_be_asked_it_is_the_archive_alone_and_every_format_says_so()
    {
        Ana();
        await NightAsync();
        Settings["Kapso__MaxRetries"] = "0";
        string key = Settings["Kapso__ApiKey"];
        string address = Settings["Kapso__BaseUrl"];

        Settings.Remove("Kapso__ApiKey");
        (JsonElement withoutKey, string folder) = await ExportAsync(0, "--conversations", "all", "--format", "parquet,jsonl,csv,html");
        CliResult printed = await RunAsync("export", "--contact", "Ana", "--out", "lake");
        Settings["Kapso__ApiKey"] = "another";
        (JsonElement refused, _) = await ExportAsync(0, "--conversation", AnaId, "--format", "csv");
        (Settings["Kapso__ApiKey"], Settings["Kapso__BaseUrl"]) = (key, "http://127.0.0.1:9/api/v1/");
        (JsonElement offline, _) = await ExportAsync(0, "--conversation", "Ana", "--format", "csv");
        Settings["Kapso__BaseUrl"] = address;
        Sandbox.Faults = new SandboxFaults { Outage = SandboxOutage.Error };
        (JsonElement down, _) = await ExportAsync(0, "--conversations", "all", "--format", "csv");

        foreach (JsonElement manifest in (JsonElement[])[withoutKey, refused, offline, down])
        {
            manifest.GetProperty("provenance").EnumerateArray().ShouldAllBe(p => p.GetProperty("source").GetString() == "archive" && p.GetProperty("as_of").ValueKind == JsonValueKind.String);
            manifest.GetProperty("warnings")[0].GetString()!.ShouldStartWith("Kapso could not be asked, so this is what the archive has: ");
        }

        using var duck = new DuckDb();
        duck.Count($"SELECT count(*) FROM read_parquet('{folder}/messages/*.parquet')").ShouldBe(72);
        Reasons(duck, folder).ShouldAllBe(reason => reason!.StartsWith("as of 20") && reason.EndsWith("Z, from the archive; Kapso could not be asked"));
        string page = await File.ReadAllTextAsync($"{folder}/messages_html/{AnaId}/index.html", Cancellation);
        page.ShouldContain("Z, from the archive");
        page.ShouldContain("Kapso could not be asked");
        (await File.ReadAllTextAsync($"{folder}/messages_html/index.html", Cancellation)).ShouldContain("Z, from the archive");
        (printed.ExitCode, printed.Error.Contains("Kapso could not be asked", StringComparison.Ordinal)).ShouldBe((0, true), printed.Error);
        printed.Output.ReplaceLineEndings(" ").ShouldContain("complete as of these times: 1 conversation as of 20");
    }

    [Fact]
    public async Task What_Kapso_no_longer_knows_comes_from_the_archive_and_what_neither_has_is_said()
    {
        Ana();
        await NightAsync();
        Sandbox.Listings.RemoveConversation(AnaId).ShouldBeTrue();

        (JsonElement manifest, string folder) = await ExportAsync(0, "--conversations", "all", "--format", "parquet");
        (JsonElement unknown, _) = await ExportAsync(3, "--conversation", AnabelId, "--format", "parquet");

        using var duck = new DuckDb();
        duck.Count($"SELECT count(*) FROM read_parquet('{folder}/messages/*.parquet') WHERE conversation_id = '{AnaId}'").ShouldBe(12);
        object?[] gone = duck.Rows($"SELECT outcome, reason FROM read_parquet('{folder}/conversations/*.parquet') WHERE conversation_id = '{AnaId}'").Single();
        gone[0].ShouldBe("gone");
        ((string)gone[1]!).ShouldEndWith("Z, from the archive; Kapso no longer knows it");
        manifest.GetProperty("provenance").EnumerateArray().Select(p => (p.GetProperty("source").GetString(), p.GetProperty("count").GetInt32())).ShouldBe([("archive", 1), ("both", 3)], ignoreOrder: true);
        unknown.GetProperty("incomplete")[0].GetProperty("reason").GetString().ShouldBe("not found");
        unknown.GetProperty("provenance").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Without_an_archive_it_is_Kapso_alone_with_the_errors_of_the_key()
    {
        (JsonElement manifest, _) = await ExportAsync(0, "--conversations", "all", "--format", "csv");
        Settings["Kapso__ApiKey"] = "another";
        CliResult refused = await RunAsync("export", "--conversations", "all", "--out", "lake");
        Settings.Remove("Kapso__ApiKey");
        CliResult without = await RunAsync("export", "--conversations", "all", "--out", "lake");

        manifest.GetProperty("request").TryGetProperty("source", out _).ShouldBeFalse();
        manifest.GetProperty("provenance")[0].GetProperty("source").GetString().ShouldBe("kapso");
        (refused.ExitCode, without.ExitCode).ShouldBe((4, 2), refused.Error + without.Error);
        without.Error.ShouldContain("Kapso__ApiKey");
    }

    [Fact]
    public async Task All_versions_are_in_every_format_and_marked()
    {
        MovingListing ana = Ana();
        Settings["Archive__RemovalGrace"] = "00:00:00";
        await NightAsync();
        SandboxMessage edited = Replace(ana, "Message 5", "Message five");
        string removed = ana.At(ana.Count - 1).Id;
        ana.Delete(removed);
        await NightAsync();
        await NightAsync();
        (_, string archived) = await ExportAsync(0, "--conversation", AnaId, "--source", "archive", "--versions", "all", "--format", "parquet,html");
        Replace(ana, "Message 7", "Message seven");
        (JsonElement manifest, string folder) = await ExportAsync(0, "--conversation", AnaId, "--versions", "all", "--format", "parquet,jsonl,csv,html");
        (_, string present) = await ExportAsync(0, "--conversation", AnaId, "--format", "parquet");

        manifest.GetProperty("request").GetProperty("versions").GetString().ShouldBe("all");
        using var duck = new DuckDb();
        string log = $"SELECT id, change, run_id, archived_at, content FROM read_parquet('{Folder.File("lake")}/messages/*/*.parquet') WHERE conversation_id = '{AnaId}'";
        string all = $"SELECT id, change, run_id, archived_at, content FROM read_parquet('{archived}/messages/*.parquet')";
        duck.Rows($"{log} EXCEPT ALL {all}").ShouldBeEmpty();
        duck.Rows($"{all} EXCEPT ALL {log}").ShouldBeEmpty();
        string parquet = $"SELECT id || change || coalesce(content, '') AS v FROM read_parquet('{folder}/messages/*.parquet')";
        duck.Count($"SELECT count(*) FROM ({parquet})").ShouldBe(15);
        duck.Rows($"SELECT change FROM read_parquet('{folder}/messages/*.parquet') WHERE id = '{edited.Id}' ORDER BY archived_at").Select(r => r[0]).ShouldBe(["added", "changed"]);
        duck.Rows($"SELECT change FROM read_parquet('{folder}/messages/*.parquet') WHERE id = '{removed}' ORDER BY archived_at").Select(r => r[0]).ShouldBe(["added", "removed"]);
        string csv = $"SELECT ltrim(id, chr(39)) || change || coalesce(content, '') AS v FROM read_csv('{folder}/messages_csv/*.csv', all_varchar = true)";
        duck.Rows($"{parquet} EXCEPT ALL {csv}").ShouldBeEmpty();
        duck.Rows($"{csv} EXCEPT ALL {parquet}").ShouldBeEmpty();
        JsonObject[] lines = [.. Directory.EnumerateFiles($"{folder}/messages_jsonl").SelectMany(f => Lines(f))];
        lines.Select(l => $"{(string?)l["id"]}{(string?)l["_archive"]!["change"]}{(string?)l["content"]}").Order().ShouldBe(duck.Rows(parquet).Select(r => (string)r[0]!).Order());
        foreach (string place in (string[])[archived, folder])
        {
            string page = await File.ReadAllTextAsync($"{place}/messages_html/{AnaId}/index.html", Cancellation);
            Bubble(page, "Message five").ShouldSatisfyAllConditions(b => b.ShouldContain("Edited"), b => b.ShouldContain("1 earlier version"), b => b.ShouldContain("Message 5"));
            Bubble(page, "Message 1<").ShouldContain("Removed: no longer at Kapso on 20");
            Bubble(page, "Message 2<").ShouldSatisfyAllConditions(b => b.ShouldNotContain("Removed"), b => b.ShouldNotContain("Edited"));
            page.Contains("Message seven", StringComparison.Ordinal).ShouldBe(place == folder);
            page.Split("id=\"m").Length.ShouldBe(13, "each message is one bubble");
        }

        duck.Count($"SELECT count(*) FROM read_parquet('{present}/messages/*.parquet') WHERE content <> 'Message 5' AND id <> '{removed}' AND change = 'added'").ShouldBe(11);
        CliResult verified = await RunAsync("verify", "--export", manifest.GetProperty("run_id").GetString()!, "--out", "lake");
        verified.ExitCode.ShouldBe(0, verified.Error + verified.Output);
    }

    [Fact]
    public async Task A_contact_a_direction_and_a_type_are_selected()
    {
        Ana();
        var again = new Talk(AnaAgainId, "Ana P.", "+51 900 000 001");
        again.Say("Hello again");
        again.Say("A picture", type: "image");
        again.Say("Our answer", outbound: true);
        again.AddTo(Sandbox);
        var anabel = new Talk(AnabelId, "Anabel", "+51900000002");
        anabel.Say("Somebody else");
        anabel.AddTo(Sandbox);
        await NightAsync();

        foreach (string source in (string[])["archive", "both", "kapso"])
        {
            (JsonElement contact, string folder) = await ExportAsync(0, "--contact", "900-000-001", "--source", source, "--format", "parquet");
            using var duckOfSource = new DuckDb();
            duckOfSource.Rows($"SELECT conversation_id, count(*)::INT FROM read_parquet('{folder}/messages/*.parquet') GROUP BY ALL ORDER BY ALL").Select(r => $"{r[0]} {r[1]}")
                .ShouldBe([$"{AnaId} 12", $"{AnaAgainId} 3"], ignoreOrder: false, source);
            (contact.GetProperty("totals").GetProperty("requests").GetInt64() == 0).ShouldBe(source == "archive");
        }

        (JsonElement few, string fewFolder) = await ExportAsync(0, "--contact", "Ana Pérez", "--direction", "inbound", "--type", "image", "--type", "video", "--format", "parquet,html");
        CliResult several = await RunAsync("export", "--contact", "Ana", "--out", "lake");
        CliResult nobody = await RunAsync("export", "--contact", "Zoe", "--out", "lake");

        using var duck = new DuckDb();
        duck.Rows($"SELECT content FROM read_parquet('{fewFolder}/messages/*.parquet')").Single()[0].ShouldBe("A picture");
        JsonElement request = few.GetProperty("request");
        (request.GetProperty("contact").GetString(), request.GetProperty("conversations").GetString()).ShouldBe(("Ana Pérez", "listed"));
        request.GetProperty("directions").EnumerateArray().Select(d => d.GetString()).ShouldBe(["inbound"]);
        request.GetProperty("types").EnumerateArray().Select(d => d.GetString()).ShouldBe(["image", "video"]);
        (await File.ReadAllTextAsync($"{fewFolder}/messages_html/index.html", Cancellation)).ShouldContain("only image, video");
        several.ExitCode.ShouldBe(2);
        several.Error.ShouldContain("matches 3 conversations");
        several.Error.ShouldContain(AnabelId);
        (nobody.ExitCode, nobody.Error.Contains("has no contact Zoe", StringComparison.Ordinal)).ShouldBe((2, true), nobody.Error);
    }

    [Fact]
    public async Task A_number_that_no_archive_knows_is_looked_for_at_Kapso()
    {
        Ana();

        (JsonElement manifest, _) = await ExportAsync(0, "--contact", "+51 900 000 001", "--format", "csv");
        CliResult name = await RunAsync("export", "--contact", "Ana", "--out", "lake");

        manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(12);
        (name.ExitCode, name.Error.Contains("give a number with its country code", StringComparison.Ordinal)).ShouldBe((2, true), name.Error);
    }

    [Theory]
    [InlineData("--source", "archiv", "Did you mean archive?")]
    [InlineData("--versions", "al", "Did you mean all?")]
    [InlineData("--direction", "inbond", "Did you mean inbound?")]
    [InlineData("--type", "imege", "Did you mean image?")]
    [InlineData("--contct", "Ana", "Did you mean --contact?")]
    public async Task A_wrong_value_is_answered_with_what_was_meant(string option, string value, string said)
    {
        CliResult result = await RunAsync("export", "--conversations", "all", "--out", "lake", option, value);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(said);
        Sandbox.RequestCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("--conversations all --versions all --source kapso", "--versions all needs the archive")]
    [InlineData("--contact Ana --conversation x", "--contact takes all conversations of one contact")]
    public async Task Options_that_contradict_each_other_are_refused(string options, string said)
    {
        CliResult result = await RunAsync(["export", "--out", "lake", .. options.Split(' ')]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(said);
        Sandbox.RequestCount.ShouldBe(0);
    }

    private static string Bubble(string page, string text)
    {
        string rest = page[page.IndexOf(text, StringComparison.Ordinal)..];
        return rest[..rest.IndexOf("</li>", StringComparison.Ordinal)];
    }

    private static string?[] Reasons(DuckDb duck, string folder) => [.. duck.Rows($"SELECT reason FROM read_parquet('{folder}/conversations/*.parquet')").Select(r => (string?)r[0])];

    private static IEnumerable<JsonObject> Lines(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
            yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Edits the text of a message at the source.</summary>
    private static SandboxMessage Replace(MovingListing listing, string text, string by)
    {
        SandboxMessage message = Enumerable.Range(0, listing.Count).Select(listing.At).Single(m => Encoding.UTF8.GetString(m.Record.Span).Contains($"\"{text}\"", StringComparison.Ordinal));
        listing.Delete(message.Id).ShouldBeTrue();
        listing.Insert(message with { Record = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Record.Span).Replace($"\"{text}\"", $"\"{by}\"", StringComparison.Ordinal)) });
        return message;
    }

    /// <summary>A conversation of twelve messages.</summary>
    private MovingListing Ana()
    {
        var ana = new Talk(AnaId, "Ana Pérez", "+51900000001");
        for (int i = 1; i <= 12; i++)
            ana.Say($"Message {i}");
        ana.AddTo(Sandbox);
        return Sandbox.Listings.Moving(AnaId);
    }

    private async Task NightAsync()
    {
        CliResult night = await RunAsync("run", "--full", "--conversations", "all", "--out", "lake", "--format", "parquet");
        night.ExitCode.ShouldBe(0, night.Error + night.Output);
    }

    private async Task<(JsonElement Manifest, string Folder)> ExportAsync(int exitCode, params string[] arguments)
    {
        CliResult result = await RunAsync(["export", .. arguments, "--out", "lake", "--json"]);
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        JsonElement manifest = JsonElement.Parse(result.Output);
        return (manifest, Folder.File($"lake/exports/{manifest.GetProperty("run_id").GetString()}"));
    }
}
