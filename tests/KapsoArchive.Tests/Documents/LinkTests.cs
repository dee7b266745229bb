using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>Whoever follows a link arrives.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Pages => new(MarkdownPage.All.Select(page => page.Path));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_an_existing_file_and_heading(string path)
    {
        MarkdownPage page = MarkdownPage.Of(path);

        page.Targets.Where(target => !IsElsewhere(target) && !Exists(page, target)).ShouldBeEmpty(path);
    }

    [Fact]
    public void Every_document_is_reachable_from_the_README()
    {
        HashSet<string> reached = ["README.md"];
        Queue<string> next = new(reached);
        while (next.TryDequeue(out string? path))
        {
            MarkdownPage page = MarkdownPage.Of(path);
            foreach (string target in page.Targets.Where(t => !IsElsewhere(t)).Select(t => FileOf(page, t)).Where(f => f.EndsWith(".md", StringComparison.Ordinal)))
            {
                if (reached.Add(target))
                    next.Enqueue(target);
            }
        }

        MarkdownPage.All.Select(page => page.Path).Except(reached).ShouldBeEmpty();
    }

    private static bool IsElsewhere(string target) => target.Contains("://", StringComparison.Ordinal);

    private static bool Exists(MarkdownPage page, string target)
    {
        string file = FileOf(page, target);
        string anchor = target.Contains('#', StringComparison.Ordinal) ? target[(target.IndexOf('#', StringComparison.Ordinal) + 1)..] : "";
        return (File.Exists(Repository.File(file)) || Directory.Exists(Repository.File(file))) && (anchor.Length == 0 || MarkdownPage.Of(file).Anchors.Contains(anchor));
    }

    private static string FileOf(MarkdownPage page, string target)
    {
        string relative = target.Split('#')[0];
        return relative.Length == 0
            ? page.Path
            : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, relative))).Replace('\\', '/');
    }
}
