using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>No file of ours reads a lake with a glob of any depth: it takes in whatever somebody puts below a dataset.</summary>
public sealed class GlobTests
{
    private static readonly string AnyDepth = new('*', 2);

    private static readonly string[] Extensions = [".cs", ".md", ".sql", ".py", ".js", ".sh", ".yml", ".json", ".svg"];

    [Theory]
    [InlineData("src")]
    [InlineData("docs")]
    [InlineData("tests")]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    public void No_path_has_a_glob_of_any_depth(string place)
    {
        string path = Repository.File(place);
        string[] files = File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsOurs)];

        files.ShouldNotBeEmpty();
        files.Where(f => File.ReadAllText(f) is var text && (text.Contains($"/{AnyDepth}/") || text.Contains($"/{AnyDepth}'") || text.Contains($"'{AnyDepth}/")))
            .Select(f => Path.GetRelativePath(Repository.Root, f)).ShouldBeEmpty();
    }

    private static bool IsOurs(string file) =>
        Extensions.Contains(Path.GetExtension(file)) && !file.Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj" or "node_modules");
}
