namespace KapsoArchive.Core.Runs;

/// <summary>
/// Returns the memory of a large reading to the system before the index is built. The runtime alone keeps it for a while, and allocates as
/// much again for the leaf of a giant conversation. With ten million messages in one conversation, the peak of a run was 664 MB without
/// this and 490 MB with it.
/// </summary>
internal static class ReadingMemory
{
    /// <summary>Minimum number of bytes for which a collection is worth its time. Few runs have as many.</summary>
    private const long Large = 128 * 1024 * 1024;

    public static void GiveBack()
    {
        if (GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes > Large)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
