using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>A page of the repository: its headings as GitHub names them, its links, its blocks of code.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] NoSources = [".git", "artifacts", "bin", "node_modules", "obj"];

    private readonly string _prose;

    private MarkdownPage(string path)
    {
        Path = path;
        Text = File.ReadAllText(Repository.File(path));
        _prose = Fence().Replace(Text, "");
        Anchors = AnchorsOf(_prose);
    }

    public static IReadOnlyList<MarkdownPage> All { get; } = [.. Files(Repository.Root).Select(file => new MarkdownPage(System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))).OrderBy(page => page.Path, StringComparer.Ordinal)];

    /// <summary>Relative to the repository.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlySet<string> Anchors { get; }

    /// <summary>Where links and pictures lead, as they are written.</summary>
    public IEnumerable<string> Targets => Link().Matches(InlineCode().Replace(_prose, "`")).Select(m => m.Groups["target"].Value);

    public static MarkdownPage Of(string path) => All.Single(page => page.Path == path);

    /// <summary>The blocks of code in a language.</summary>
    public IEnumerable<string> Blocks(string language) => Fence().Matches(Text).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["code"].Value);

    /// <summary>The page from a heading to the next one of that depth or above, without the heading.</summary>
    public string Section(string heading)
    {
        string depth = heading[..heading.IndexOf(' ', StringComparison.Ordinal)];
        string withoutCode = Fence().Replace(Text, code => new string(' ', code.Length)); // A comment of a shell begins as a heading does.
        int start = $"\n{withoutCode}".IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, $"{Path} has no heading '{heading}'");
        start += heading.Length;
        Match next = Regex.Match(withoutCode[start..], $@"\n#{{1,{depth.Length}}} ");
        return next.Success ? Text[start..(start + next.Index)] : Text[start..];
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.md")
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !NoSources.Contains(System.IO.Path.GetFileName(d))).SelectMany(Files));

    private static HashSet<string> AnchorsOf(string prose)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(prose))
        {
            string name = NotInAnchors().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            string anchor = name;
            for (int i = 1; !anchors.Add(anchor); i++)
                anchor = $"{name}-{i}";
        }

        return anchors;
    }

    [GeneratedRegex("^```(?<language>\\w*)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
