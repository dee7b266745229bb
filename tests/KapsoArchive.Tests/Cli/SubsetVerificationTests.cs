using System.Text.Json;
using System.Text.RegularExpressions;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Cli;

/// <summary>A verification in parts: in a round every file is read once, and what was found is told until it is mended.</summary>
public sealed class SubsetVerificationTests() : CliTest(new SandboxOptions { Conversations = 6, Messages = 120 })
{
    [Fact]
    public async Task A_round_reads_every_file_once_while_the_archive_grows()
    {
        await NightAsync();
        string[] before = Data();
        List<string> found = [];
        for (int turn = 0; turn < 10; turn++)
        {
            // A file that is damaged can be seen to be read: only then is that found.
            foreach (string file in before)
                Flip(file);
            JsonElement report = await VerifyAsync(3, 0);
            found.AddRange(Paths(report));
            report.GetProperty("remarks").EnumerateArray().Select(r => r.GetString()!)
                .ShouldContain(r => r.StartsWith($"This was part {turn + 1} of 10: ", StringComparison.Ordinal));
            foreach (string file in before)
                Flip(file);
            if (turn % 3 == 0)
                await NightAsync();
        }

        found.Where(before.Contains).Order(StringComparer.Ordinal).ShouldBe(before);
        (await RunAsync("verify", "--lake", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Damage_is_told_until_it_is_mended()
    {
        await NightAsync();
        string file = Data().First(f => f.StartsWith("messages/", StringComparison.Ordinal));
        Flip(file);
        JsonElement? bad = null;
        int turns = 0;
        for (; bad is null; turns++)
        {
            JsonElement report = await VerifyAsync(0, 3);
            if (!report.GetProperty("sound").GetBoolean())
                bad = report;
        }

        Paths(bad.Value).ShouldBe([file]);
        string told = (await RunAsync("status", "--lake", "lake")).Output;
        told.ShouldContain($"Damaged: {file} ");
        told.ShouldContain(". See `kapso-archive verify`.");
        await VerifyAsync(0); // Another part, which is sound.
        (await RunAsync("status", "--lake", "lake")).Output.ShouldContain($"Damaged: {file} ");

        Flip(file);
        for (int turn = 0; turn < 9; turn++)
            await VerifyAsync(0);
        (await RunAsync("status", "--lake", "lake")).Output.ShouldNotContain("Damaged");

        Flip(file);
        (await RunAsync("verify", "--lake", "lake")).ExitCode.ShouldBe(3);
        (await RunAsync("status", "--lake", "lake")).Output.ShouldContain($"Damaged: {file} ");
        Flip(file);
        (await RunAsync("verify", "--lake", "lake")).ExitCode.ShouldBe(0);
        (await RunAsync("status", "--lake", "lake")).Output.ShouldNotContain("Damaged");
    }

    [Fact]
    public async Task What_is_missing_cut_or_foreign_is_found_in_every_part()
    {
        await NightAsync();
        string[] files = Data();
        File.Delete(Path.Combine(Folder.File("lake"), files[0]));
        await using (FileStream cut = File.OpenWrite(Path.Combine(Folder.File("lake"), files[1])))
            cut.SetLength(cut.Length - 1);
        await File.WriteAllTextAsync(Folder.File("lake/messages/stray.parquet"), "x", Cancellation);

        for (int turn = 0; turn < 10; turn++)
            Paths(await VerifyAsync(3)).ShouldBe([files[0], files[1], "messages/stray.parquet"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_log_of_a_table_is_compared_once_in_a_round()
    {
        await NightAsync();
        string log = Folder.File("lake/messages/_delta_log/00000000000000000000.json");
        string text = await File.ReadAllTextAsync(log, Cancellation);
        string edited = text.Replace("numRecords\\\":120", "numRecords\\\":121", StringComparison.Ordinal);
        edited.ShouldNotBe(text);
        await File.WriteAllTextAsync(log, edited, Cancellation);

        int unsound = 0;
        for (int turn = 0; turn < 10; turn++)
        {
            unsound += (await VerifyAsync(0, 3)).GetProperty("sound").GetBoolean() ? 0 : 1;
            (await RunAsync("status", "--lake", "lake")).Output.ShouldContain("Damaged: messages/_delta_log/");
        }

        unsound.ShouldBe(1);
        await File.WriteAllTextAsync(log, text, Cancellation);
        await VerifyAsync(0);
        (await RunAsync("status", "--lake", "lake")).Output.ShouldNotContain("Damaged");
    }

    [Fact]
    public async Task A_log_that_leads_out_is_found_in_every_part()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets only administrators create links.");
        await NightAsync();
        string log = Folder.File("lake/media/_delta_log");
        Directory.Move(log, Folder.File("elsewhere"));
        Directory.CreateSymbolicLink(log, Folder.File("elsewhere"));

        for (int turn = 0; turn < 2; turn++)
            Paths(await VerifyAsync(3)).ShouldContain(p => p.StartsWith("media/_delta_log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_night_verifies_a_part_if_it_is_set()
    {
        await NightAsync();
        string file = Data().First(f => f.StartsWith("messages_jsonl/", StringComparison.Ordinal));
        Flip(file);
        Settings["Archive__VerifySubset"] = "100%";

        CliResult single = await RunAsync("run", "--conversation", Sandbox.Data.Conversations[0].Id, "--out", "lake");
        CliResult night = await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet");

        single.ExitCode.ShouldBe(0, single.Error);
        (night.ExitCode, night.Output).ShouldBe((3, ""));
        night.Error.TrimEnd().ShouldMatch(
            $@"^The archive is damaged: [12] findings?; the first: {Regex.Escape(file)} .*\. See `kapso-archive verify`\.$");
        Flip(file);
        CliResult mended = await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet");
        (mended.ExitCode, mended.Output, mended.Error).ShouldBe((0, "", ""));
    }

    [Theory]
    [InlineData("0%")]
    [InlineData("101")]
    [InlineData("five")]
    [InlineData("")]
    public async Task A_wrong_share_is_refused(string share)
    {
        await NightAsync();
        CliResult option = await RunAsync("verify", $"--subset={share}", "--lake", "lake");
        option.ExitCode.ShouldBe(2, option.Error);
        if (share.Length == 0)
            return;
        option.Error.ShouldStartWith($"--subset: {share} is not a share of the archive. ");
        long requests = Sandbox.RequestCount;
        Settings["Archive__VerifySubset"] = share;
        CliResult setting = await RunAsync("run", "--conversations", "all", "--out", "lake");
        setting.ExitCode.ShouldBe(2);
        setting.Error.ShouldStartWith("Archive:VerifySubset (environment Archive__VerifySubset): ");
        Sandbox.RequestCount.ShouldBe(requests, "nothing is asked of Kapso");
    }

    private async Task NightAsync()
    {
        CliResult night = await RunAsync("run", "--conversations", "all", "--out", "lake");
        night.ExitCode.ShouldBe(0, night.Error);
    }

    private async Task<JsonElement> VerifyAsync(params int[] exitCodes)
    {
        CliResult result = await RunAsync("verify", "--subset", "10%", "--lake", "lake", "--json");
        exitCodes.ShouldContain(result.ExitCode, result.Error + result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static IEnumerable<string> Paths(JsonElement report) =>
        report.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("path").GetString()!).Distinct();

    /// <summary>The files that manifests name.</summary>
    private string[] Data() => [.. Visible("lake").Where(f => !f.StartsWith("_manifests", StringComparison.Ordinal))];

    /// <summary>Changes a byte in the middle, or changes it back.</summary>
    private void Flip(string file)
    {
        string path = Path.Combine(Folder.File("lake"), file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
