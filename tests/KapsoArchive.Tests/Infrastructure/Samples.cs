namespace KapsoArchive.Tests.Infrastructure;

/// <summary>How deep a generated space is looked into: a fixed and a fresh seed by default, all of it where the environment says
/// so.</summary>
internal static class Samples
{
    public static bool IsExhaustive => Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_EXHAUSTIVE") == "1";

    /// <summary>A fixed seed and a fresh one; the name of the case says it.</summary>
    public static TheoryData<int> Seeds => new(20261126, Random.Shared.Next());

    public static int Count(int byDefault, int all) => IsExhaustive ? all : byDefault;
}
