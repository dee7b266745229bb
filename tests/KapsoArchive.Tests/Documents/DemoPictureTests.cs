using System.Text.RegularExpressions;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>The README's picture is of the real program: three commands in a folder of their own, and what they printed.</summary>
public sealed partial class DemoPictureTests
{
    private const string Lake = "kapso-archive-demo";
    private const int Width = 110;
    private const string Conversation = "3e63798f-9779-4e99-9fb0-8e792f4b1201";

    private static readonly string File = Repository.File("docs", "demo.svg");

    private static readonly string[][] Session =
    [
        ["demo"],
        ["show", Conversation, "--last", "4", "--out", Lake],
        ["verify", "--out", Lake],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_picture_shows_what_the_program_prints_today()
    {
        List<string> lines = await RecordAsync();
        if (CheckedInText.IsToBeUpdated)
            await System.IO.File.WriteAllTextAsync(File, TerminalPicture.Draw("kapso-archive demo archives 200 invented conversations, show prints the last messages of one, verify finds the archive sound", lines), Cancellation);

        IReadOnlyList<string> shown = TerminalPicture.Read(await System.IO.File.ReadAllTextAsync(File, Cancellation));

        Masked(shown).ShouldBe(Masked(lines), $"run this test with {CheckedInText.UpdateVariable}=1 and look at docs/demo.svg");
    }

    [Fact]
    public async Task The_picture_shows_no_path_of_the_machine_that_made_it()
    {
        string picture = await System.IO.File.ReadAllTextAsync(File, Cancellation);

        picture.ShouldNotContain("/tmp");
        picture.ShouldNotContain("/home");
        picture.ShouldContain("~/kapso-archive-demo");
    }

    private static async Task<List<string>> RecordAsync()
    {
        using var folder = new TemporaryFolder();
        List<string> lines = [];
        foreach (string[] arguments in Session)
        {
            CliResult result = await CliProcess.RunAsync(folder.Path, [], arguments);
            result.ExitCode.ShouldBe(0, result.Error);
            lines.Add($"$ kapso-archive {string.Join(' ', arguments)}");
            lines.AddRange(result.Output.Split("Continue with:")[0].Replace(folder.Path, "~").TrimEnd().Split('\n').Select(line => line.TrimEnd()).SelectMany(Folded));
            lines.Add("");
        }

        return [.. lines.SkipLast(1)];
    }

    /// <summary>A long sentence goes on in the next line, as a picture of that width wants it.</summary>
    private static IEnumerable<string> Folded(string line)
    {
        while (line.Length > Width && line.LastIndexOf(' ', Width) is > 0 and var space)
        {
            yield return line[..space];
            line = line[(space + 1)..];
        }

        yield return line;
    }

    /// <summary>Without what is another each time: ids and days of runs, seconds, bytes, and what follows from their widths.</summary>
    private static string Masked(IEnumerable<string> lines)
    {
        string masked = RunId().Replace(string.Join('\n', lines.Select(line => LastNumberOfARow().Replace(line, "$1 N"))), "RUN");
        masked = Spaces().Replace(masked, " ");
        masked = Day().Replace(masked, "DAY");
        masked = Seconds().Replace(masked, "N s");
        masked = Requests().Replace(masked, "N requests"); // One more or less: it depends on which conversation shows a full page first.
        masked = Bytes().Replace(masked, "N bytes");
        return Rule().Replace(masked, "─");
    }

    [GeneratedRegex("[0-9,]+ requests")]
    private static partial Regex Requests();

    [GeneratedRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")]
    private static partial Regex RunId();

    [GeneratedRegex("snapshot_date=[0-9-]{10}")]
    private static partial Regex Day();

    [GeneratedRegex("[0-9.]+ s\\b")]
    private static partial Regex Seconds();

    [GeneratedRegex("[0-9,]+ bytes")]
    private static partial Regex Bytes();

    [GeneratedRegex("^(  \\S+ +[0-9,]+) +[0-9,]+$")]
    private static partial Regex LastNumberOfARow();

    [GeneratedRegex("─+")]
    private static partial Regex Rule();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
