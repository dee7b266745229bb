using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Hostile;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Exports;

/// <summary>One command makes a zip of one customer between two dates, with Kapso switched off and no key set.</summary>
public sealed class ZipExportTests() : CliTest(new SandboxOptions { Conversations = 2, Messages = 60 })
{
    private const string AnaId = "a6666666-6666-4666-8666-666666666666";

    [Fact]
    public async Task One_command_makes_a_zip_of_one_customer_between_two_dates()
    {
        await ArchiveAsync(Ana());

        CliResult result = await RunAsync(
            "export", "--conversation", "+51 900 000 001", "--from", "2026-03-02", "--to", "2026-04-01", "--format", "html,xlsx,csv,jsonl", "--zip", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        JsonElement manifest = JsonElement.Parse(result.Output);
        manifest.GetProperty("request").GetProperty("zip").GetBoolean().ShouldBeTrue();
        string zip = ZipOf(manifest);
        Path.GetFileName(zip).ShouldBe($"kapso-archive-{manifest.GetProperty("run_id").GetString()}.zip");
        string folder = Unzip(zip);
        Files(folder).ShouldBe(
            ["Ana Pérez +51 900 000 001/index.html", "SHA256SUMS", "conversations.csv", "conversations.jsonl.gz", "index.html", "manifest.json", "messages.csv", "messages.jsonl.gz", "messages.xlsx"], ignoreOrder: true);
        new WorkbookFile(await File.ReadAllBytesAsync($"{folder}/messages.xlsx", Cancellation)).Named("Messages").Select(r => (r["content"], r["contact_name"], r["change"])).ShouldBe([("Within", "Ana Pérez", "added")]);
        (await File.ReadAllTextAsync($"{folder}/Ana Pérez +51 900 000 001/index.html", Cancellation)).ShouldContain(", from the archive");
        CheckSums(folder);
        using var duck = new DuckDb();
        duck.Rows($"SELECT conversation_id, contact_name, reason LIKE 'as of %, from the archive' FROM read_csv('{folder}/conversations.csv', all_varchar = true)").ShouldHaveSingleItem().ShouldBe([AnaId, "Ana Pérez", true]);
        JsonElement inside = JsonElement.Parse(await File.ReadAllTextAsync($"{folder}/manifest.json", Cancellation));
        inside.GetProperty("run_id").GetString().ShouldBe(manifest.GetProperty("run_id").GetString());
        manifest.GetProperty("files").EnumerateArray().Select(f => f.GetRawText()).Where(f => !f.Contains("\"zip\"", StringComparison.Ordinal)).ShouldBe(inside.GetProperty("files").EnumerateArray().Select(f => f.GetRawText()));
        (await RunAsync("verify", "--export", manifest.GetProperty("run_id").GetString()!, "--out", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Its_pages_lead_to_each_other_and_hostile_names_lead_nowhere_else()
    {
        string[] names = ["../../evil", "C:\\evil", "con", "a\u202egpj.exe", "index.html", "Ana & <b>#1%20?</b>", "Ana Pérez", "ana pérez"];
        await ArchiveAsync([Ana(), .. names.Select((name, i) => Named(name, $"00000000-0000-4000-8000-00000000000{i}"))]);

        CliResult result = await RunAsync("export", "--conversations", "all", "--format", "html", "--zip", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        string zip = ZipOf(JsonElement.Parse(result.Output));
        using (ZipArchive archive = await ZipFile.OpenReadAsync(zip, Cancellation))
        {
            string[] entries = [.. archive.Entries.Select(e => e.FullName)];
            entries.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(entries.Length);
            entries.ShouldAllBe(e => !e.Contains("..", StringComparison.Ordinal) || e.StartsWith("_.._evil", StringComparison.Ordinal));
            foreach (string segment in entries.SelectMany(e => e.Split('/')))
            {
                segment.ShouldNotContain([.. "<>:\"\\|?*", .. Acting.Characters]);
                segment.ShouldNotBeOneOf("", ".", "..", "con");
            }

            archive.Entries.ShouldAllBe(e => e.LastWriteTime.DateTime == archive.Entries[0].LastWriteTime.DateTime && e.ExternalAttributes == 0x81A4 << 16);
        }

        string folder = Unzip(zip);
        Files(folder).Count(f => f.EndsWith("/index.html", StringComparison.Ordinal)).ShouldBe(names.Length + 3);
        HashSet<string> reached = [];
        await VisitAsync(Path.Combine(folder, "index.html"), folder, reached);
        reached.Select(file => Path.GetRelativePath(folder, file)).ShouldBe(Files(folder).Where(f => f.EndsWith(".html", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task Other_programs_read_the_zip()
    {
        await ArchiveAsync(Ana());
        CliResult result = await RunAsync("export", "--conversation", AnaId, "--format", "html,xlsx,parquet", "--zip", "--source", "archive", "--out", "lake", "--json");
        string zip = ZipOf(JsonElement.Parse(result.Output));

        string folder = Unzip(zip);
        Files(folder).ShouldBe(["Ana Pérez +51 900 000 001/index.html", "SHA256SUMS", "conversations.parquet", "index.html", "manifest.json", "messages.parquet", "messages.xlsx"], ignoreOrder: true);
        CheckSums(folder);
        if (File.Exists("/usr/bin/unzip"))
            (await OutputAsync("/usr/bin/unzip", "-t", zip)).ShouldContain("No errors detected");
        if (Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, "python3")).FirstOrDefault(File.Exists) is { } python)
            (await OutputAsync(python, "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), sorted(z.namelist())[0])", zip)).Trim().ShouldBe("None Ana Pérez +51 900 000 001/index.html");
    }

    [Fact]
    public async Task The_workbook_has_every_message_in_order_and_the_proof_on_the_second_sheet()
    {
        string lake = await ArchiveAsync(Ana());

        CliResult result = await RunAsync("export", "--conversations", "all", "--format", "xlsx", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        string export = Folder.File($"lake/exports/{JsonElement.Parse(result.Output).GetProperty("run_id").GetString()}");
        var workbook = new WorkbookFile(await File.ReadAllBytesAsync(Directory.GetFiles($"{export}/messages_xlsx", "*.xlsx").Single(), Cancellation));
        workbook.Sheets.ShouldBe(["Messages", "Conversations"]);
        workbook.Rows("Messages")[0].Take(5).ShouldBe(["created_at", "contact_name", "phone_number", "direction", "content"]);
        using var duck = new DuckDb();
        string[] expected = [.. duck.Rows($"SELECT conversation_id, id FROM read_parquet('{export}/messages/*.parquet') ORDER BY conversation_id, created_at, position, id").Select(r => $"{r[0]} {r[1]}")];
        workbook.Named("Messages").Select(r => $"{r["conversation_id"]} {r["id"]}").ShouldBe(expected);
        expected.Length.ShouldBe(62);
        workbook.Named("Conversations").Select(r => $"{r["conversation_id"]} {r["outcome"]} {r["distinct_count"]}").ShouldBe(
            duck.Rows($"SELECT conversation_id || ' ' || outcome || ' ' || distinct_count FROM read_parquet('{export}/conversations/*.parquet') ORDER BY conversation_id").Select(r => (string)r[0]!));
        lake.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Every_version_of_a_message_stands_with_its_change_oldest_first()
    {
        Ana().AddTo(Sandbox);
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        MovingListing listing = Sandbox.Listings.Moving(AnaId);
        listing.Update(listing.At(1).Id, "failed");
        (await RunAsync("run", "--conversations", "all", "--full", "--out", "lake")).ExitCode.ShouldBe(0);

        CliResult result = await RunAsync("export", "--conversation", AnaId, "--versions", "all", "--format", "html,xlsx", "--zip", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        string folder = Unzip(ZipOf(JsonElement.Parse(result.Output)));
        new WorkbookFile(await File.ReadAllBytesAsync($"{folder}/messages.xlsx", Cancellation)).Named("Messages").Select(r => (r["content"], r["status"], r["change"])).ShouldBe(
            [("Before", "delivered", "added"), ("Before", "failed", "changed"), ("Within", "delivered", "added")]);
        CheckSums(folder);
        (await RunAsync("verify", "--export", JsonElement.Parse(result.Output).GetProperty("run_id").GetString()!, "--out", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_proof_comes_in_the_chosen_formats_and_the_nightly_layout_stays()
    {
        Ana().AddTo(Sandbox);
        CliResult result = await RunAsync("export", "--conversations", "all", "--format", "csv,jsonl", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        string export = Folder.File($"lake/exports/{JsonElement.Parse(result.Output).GetProperty("run_id").GetString()}");
        using var duck = new DuckDb();
        const string Columns = "conversation_id, contact_name, phone_number, outcome, reported_count::BIGINT, distinct_count::BIGINT, added::BIGINT, run_id, archived_at::TIMESTAMPTZ";
        string parquet = $"SELECT {Columns} FROM read_parquet('{export}/conversations/*.parquet')";
        duck.Count($"SELECT count(*) FROM ({parquet})").ShouldBe(3);
        string csv = $"SELECT {Columns.Replace("phone_number", "ltrim(phone_number, '''')", StringComparison.Ordinal)} FROM read_csv('{export}/conversations_csv/*.csv', all_varchar = true)";
        string jsonl = $"SELECT {Columns} FROM read_json('{export}/conversations_jsonl/*.jsonl.gz', format = 'newline_delimited')";
        foreach (string other in (string[])[csv, jsonl])
            duck.Rows($"({parquet} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {parquet})").ShouldBeEmpty(other);

        (await RunAsync("run", "--conversations", "all", "--out", "nights")).ExitCode.ShouldBe(0);
        Visible("nights").Select(f => f.Split('/')[0]).Distinct().ShouldBe(["_manifests", "conversations", "messages", "messages_jsonl"], ignoreOrder: true);
    }

    private static Talk Ana()
    {
        var talk = new Talk(AnaId, "Ana Pérez", "+51900000001");
        talk.Say("Before");
        talk.Say("Within", minutes: 60 * 24 * 3);
        return talk;
    }

    private static Talk Named(string name, string id)
    {
        var talk = new Talk(id, name, name.StartsWith("ana", StringComparison.OrdinalIgnoreCase) ? "+51900000001" : "");
        talk.Say("Hello");
        return talk;
    }

    private async Task<string> ArchiveAsync(params IEnumerable<Talk> talks)
    {
        foreach (Talk talk in talks)
            talk.AddTo(Sandbox);
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");
        result.ExitCode.ShouldBe(0, result.Error);
        await Sandbox.DisposeAsync();
        Settings.Clear();
        return Folder.File("lake");
    }

    /// <summary>The zip, whose hash the manifest has.</summary>
    private string ZipOf(JsonElement manifest)
    {
        JsonElement entry = manifest.GetProperty("files").EnumerateArray().Single(f => f.GetProperty("dataset").GetString() == "zip");
        string file = Folder.File($"lake/exports/{manifest.GetProperty("run_id").GetString()}/{entry.GetProperty("path").GetString()}");
        Hash(file).ShouldBe(entry.GetProperty("sha256").GetString());
        return file;
    }

    private string Unzip(string zip)
    {
        string folder = Folder.File(Path.GetRandomFileName());
        ZipFile.ExtractToDirectory(zip, folder);
        return folder;
    }

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))];

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static void CheckSums(string folder)
    {
        string[] lines = File.ReadAllLines($"{folder}/SHA256SUMS", Encoding.UTF8);
        lines.Select(l => l[66..]).ShouldBe(Files(folder).Where(f => f != "SHA256SUMS"), ignoreOrder: true);
        foreach (string line in lines)
            Hash(Path.Combine(folder, line[66..])).ShouldBe(line[..64], line);
    }

    /// <summary>Follows every link of a page, and of the pages that it leads to.</summary>
    private static async Task VisitAsync(string file, string folder, HashSet<string> reached)
    {
        if (!reached.Add(file))
            return;
        using IDocument page = await new HtmlParser().ParseDocumentAsync(await File.ReadAllTextAsync(file, Cancellation), Cancellation);
        foreach (string link in page.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!).Where(h => !h.StartsWith('#')))
        {
            var target = new Uri(new Uri($"file://{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}"), link);
            target.IsFile.ShouldBeTrue(link);
            target.LocalPath.ShouldStartWith(folder);
            File.Exists(target.LocalPath).ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{link} of {file}"));
            await VisitAsync(target.LocalPath, folder, reached);
        }
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8, Environment = { ["PYTHONIOENCODING"] = "utf-8" } })!;
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output;
    }
}
