using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

/// <summary>Times in the zone of <c>--time-zone</c>.</summary>
public sealed class TimeZoneTests : CliTest
{
    private const string TalkId = "33333333-3333-4333-8333-333333333333";

    [Fact]
    public async Task Printed_messages_and_their_days_are_those_of_the_zone()
    {
        await ArchiveAsync();

        CliResult result = await RunAsync("show", TalkId, "--lake", "lake", "--time-zone", "Pacific/Auckland");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        string[] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd())];
        lines[0].ShouldEndWith(". Times are those of Pacific/Auckland.");
        lines[1..].ShouldBe(["Sunday, 1 March 2026", "22:44 < Early", "Monday, 2 March 2026", "00:44 < Late"]);
    }

    [Theory]
    [InlineData(null, "09:44", "1 March 2026", "2026-03-01", "Times are UTC.")]
    [InlineData("Pacific/Auckland", "22:44 · 09:44 UTC", "1 March 2026 to 2 March 2026", "2026-03-02", "Times are those of Pacific/Auckland, with UTC beside them.")]
    public async Task Documents_have_the_times_of_the_zone_with_UTC_beside_them(string? zone, string time, string days, string last, string sentence)
    {
        await ArchiveAsync();
        string[] choice = zone is null ? [] : ["--time-zone", zone];

        CliResult result = await RunAsync(["export", "--source", "archive", "--conversation", TalkId, "--format", "html", "--out", "lake", .. choice]);

        result.ExitCode.ShouldBe(0, result.Error);
        string folder = Directory.EnumerateDirectories(Folder.File("lake/exports")).Single(d => !Path.GetFileName(d).StartsWith('_'));
        AngleSharp.Dom.IDocument document = await ReadAsync($"{folder}/messages_html/{TalkId}/index.html");
        document.QuerySelector(".meta")!.TextContent.ShouldContain(time);
        document.QuerySelector("time")!.GetAttribute("datetime").ShouldBe("2026-03-01T09:44:07Z", "programs read UTC");
        document.QuerySelector(".lead")!.TextContent.ShouldEndWith(days);
        document.QuerySelector("footer")!.TextContent.ShouldStartWith(sentence);
        (await ReadAsync($"{folder}/messages_html/index.html")).QuerySelector("tbody tr td:nth-of-type(2)")!.TextContent.ShouldBe(last);
    }

    [Theory]
    [InlineData("show", TalkId)]
    [InlineData("export", "--conversations", "all")]
    public async Task A_wrong_zone_ends_with_code_2_and_a_suggestion_before_anything_is_read(params string[] command)
    {
        CliResult result = await RunAsync([.. command, "--out", "lake", "--time-zone", "America/Lma"]);

        (result.ExitCode, result.Error.Trim()).ShouldBe((2, "--time-zone: There is no time zone America/Lma. Did you mean America/Lima?"));
        Directory.Exists(Folder.File("lake")).ShouldBeFalse();
    }

    private async Task ArchiveAsync()
    {
        var talk = new Talk(TalkId);
        talk.Say("Early");
        talk.Say("Late", minutes: 120);
        talk.AddTo(Sandbox);
        (await RunAsync("run", "--conversation", TalkId, "--out", "lake")).ExitCode.ShouldBe(0);
    }

    private static async Task<AngleSharp.Dom.IDocument> ReadAsync(string file) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await File.ReadAllTextAsync(file, Cancellation));
}
