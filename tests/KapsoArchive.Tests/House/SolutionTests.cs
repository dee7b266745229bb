using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>One solution, which CI builds, formats and tests.</summary>
public sealed partial class SolutionTests
{
    [Fact]
    public void The_solution_has_every_project()
    {
        IEnumerable<string> all = Project().Matches(File.ReadAllText(Repository.File("KapsoArchive.sln"))).Select(m => m.Groups["file"].Value.Replace('\\', '/'));
        // What infra/tool restores is a program, and no project of the solution.
        IEnumerable<string> files = ((string[])["src", "tests"])
            .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'));

        all.ShouldBe(files, ignoreOrder: true);
    }

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<file>[^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex Project();
}
