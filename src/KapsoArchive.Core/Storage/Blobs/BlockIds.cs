using System.Globalization;
using System.Text;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>The ids of a file's blocks: of equal length, as the service wants them, and of one attempt, so that no block of another slips in.</summary>
internal static class BlockIds
{
    /// <summary>As many as Azure commits in one list.</summary>
    public const int MaxBlocks = 50_000;

    public static string Of(string attempt, int index) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{attempt}-{index.ToString("D5", CultureInfo.InvariantCulture)}"));

    public static IEnumerable<string> All(StagedFile file) =>
        Enumerable.Range(0, file.Blocks).Select(index => Of(file.Attempt, index));
}
