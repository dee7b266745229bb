namespace KapsoArchive.Tests.Infrastructure;

/// <summary>How deep a generated space is looked into: a fixed and a fresh seed by default, all of it if the environment says so.</summary>
internal static class Samples
{
    private static readonly int Fresh = Random.Shared.Next();

    /// <summary>Whether the whole space is run: <c>KAPSO_ARCHIVE_EXHAUSTIVE=1</c>.</summary>
    public static bool IsExhaustive => Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_EXHAUSTIVE") == "1";

    /// <summary>A fixed seed and a fresh one; the name of the case shows it.</summary>
    public static TheoryData<int> Seeds => new(20261126, Fresh);

    public static int Count(int byDefault, int all) => IsExhaustive ? all : byDefault;
}
