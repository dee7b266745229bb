namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>The ids of a file's blocks. They have equal length, as Azure requires, and differ per attempt, so that blocks of another
/// attempt are never included.</summary>
internal static class BlockIds
{
    /// <summary>Azure's limit for one list.</summary>
    public const int MaxBlocks = 50_000;

    public static string Of(string attempt, int index) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{attempt}-{index.ToString("D5", CultureInfo.InvariantCulture)}"));

    public static IEnumerable<string> All(StagedFile file) =>
        Enumerable.Range(0, file.Blocks).Select(index => Of(file.Attempt, index));
}
