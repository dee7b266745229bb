namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Seeds of generated cases: one that is always the same and one that is new. The name of a test that fails shows it.</summary>
internal static class DrawnSeeds
{
    private static readonly int Fresh = Random.Shared.Next();

    /// <summary>Whether the whole space is run: <c>KAPSO_ARCHIVE_EXHAUSTIVE=1</c>.</summary>
    public static bool Exhaustive => Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_EXHAUSTIVE") == "1";

    public static TheoryData<int> Both => new(20261126, Fresh);
}
