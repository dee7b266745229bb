using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>
/// The tree whose structure is counted: this one, or the built tree that <c>KAPSO_ARCHIVE_TREE</c> names, to compare two of them
/// with the same measure (see <c>tests/house</c>).
/// </summary>
internal sealed class HouseTree
{
    private readonly string _root;

    private HouseTree(string root, string assemblies)
    {
        _root = root;
        Graph = AssemblyGraph.Of(Directory.EnumerateFiles(assemblies, "*.dll")
            .Where(f => Path.GetFileName(f) is var name && (name.StartsWith("KapsoArchive.", StringComparison.Ordinal) || name == "kapso-archive.dll"))
            .Where(f => Path.GetFileNameWithoutExtension(f) is not ("KapsoArchive.Tests" or "KapsoArchive.FunctionsHost")));
    }

    public static HouseTree Current { get; } = Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_TREE") is { Length: > 0 } other
        ? new HouseTree(Path.GetFullPath(other), Path.Combine(Path.GetFullPath(other), "artifacts", "bin", "KapsoArchive.Cli", "debug"))
        : new HouseTree(Repository.Root, AppContext.BaseDirectory);

    public AssemblyGraph Graph { get; }

    /// <summary>The sources of a project, or of all.</summary>
    public IEnumerable<string> Sources(string project = "") =>
        Directory.EnumerateFiles(Path.Combine(_root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj"));

    /// <summary>A path below <c>src</c>, with slashes.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Path.Combine(_root, "src"), path).Replace('\\', '/');
}
