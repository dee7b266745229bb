namespace KapsoArchive.Core.Archive;

/// <summary>The lock of a whole archive: held by writers, and by readers that need it unchanged.</summary>
public static class ArchiveLock
{
    /// <summary>Purpose of a lock that is held briefly, while the next run is determined.</summary>
    internal const string Start = "the start of an archive run";

    internal const string Verification = "a verification";

    public static readonly StorePath Path = new(StoreArea.State, "lock");

    internal static string Run(string trigger) => $"an archive run started by {trigger}";
}
