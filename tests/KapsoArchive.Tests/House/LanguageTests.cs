using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>
/// Two marks of the dialect that this code once had, counted in doc comments and documents: "is none" and "is no", and "where" in the
/// place of "if" and "when". Projects that strangers read well have up to 6 and up to 20 per 1,000 sentences.
/// </summary>
public sealed partial class LanguageTests
{
    private static readonly string[] Documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "infra/README.md"];

    [Fact]
    public void Few_sentences_say_is_none_or_is_no() => Rate(IsNone(), atMost: 8);

    [Fact]
    public void Few_sentences_say_where_for_if() => Rate(Where(), atMost: 25);

    [Fact]
    public void No_line_of_the_program_is_longer_than_140_characters() =>
        HouseTree.Current.Sources().SelectMany(file => File.ReadLines(file).Select((line, at) => (line, Place: $"{HouseTree.Current.NameOf(file)}:{at + 1}")))
            .Where(l => l.line.Length > 140).Select(l => l.Place).ShouldBeEmpty();

    private static void Rate(Regex mark, int atMost)
    {
        string[] sentences = [.. Sentences()];
        string[] marked = [.. sentences.Where(s => mark.IsMatch(s))];
        TestContext.Current.TestOutputHelper!.WriteLine($"{marked.Length} of {sentences.Length} sentences");

        sentences.Length.ShouldBeGreaterThan(4_000);
        (1_000.0 * marked.Length / sentences.Length).ShouldBeLessThanOrEqualTo(atMost, string.Join('\n', marked));
    }

    private static IEnumerable<string> Sentences()
    {
        IEnumerable<string> comments = HouseTree.Current.Sources().SelectMany(f => Comments(File.ReadAllText(f)));
        IEnumerable<string> documents = Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Documents.Select(d => Repository.File(d.Split('/')))).Select(f => Prose(File.ReadAllText(f)));
        return comments.Concat(documents).SelectMany(text => EndOfSentence().Split(text)).Where(s => Word().Count(s) > 1);
    }

    private static IEnumerable<string> Comments(string code) =>
        DocComment().Matches(code).Select(m => Tag().Replace(EndOfElement().Replace(Slashes().Replace(m.Value, ""), ".\n\n"), " "));

    private static string Prose(string markdown) => ListOrCell().Replace(CodeBlock().Replace(markdown, "\n\n"), "\n\n");

    [GeneratedRegex(@"\b(?:is|are|was|were) (?:none|no)\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsNone();

    [GeneratedRegex(@"\bwhere\b", RegexOptions.IgnoreCase)]
    private static partial Regex Where();

    [GeneratedRegex(@"(?:^[ \t]*///.*\n?)+", RegexOptions.Multiline)]
    private static partial Regex DocComment();

    [GeneratedRegex(@"^[ \t]*/// ?", RegexOptions.Multiline)]
    private static partial Regex Slashes();

    [GeneratedRegex(@"</(?:summary|param|returns|exception|remarks|para|item|value|typeparam)>")]
    private static partial Regex EndOfElement();

    [GeneratedRegex(@"<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\s*(?:[-*#>]|\d+\.)|\|", RegexOptions.Multiline)]
    private static partial Regex ListOrCell();

    [GeneratedRegex(@"(?<=[.!?:])\s+|\n\s*\n")]
    private static partial Regex EndOfSentence();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
