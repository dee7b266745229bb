using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>The lock of a whole archive: held by whoever writes it, and by whoever must see it stand still.</summary>
internal static class ArchiveLock
{
    /// <summary>Held for a moment, while it is settled which run comes next.</summary>
    public const string Start = "the start of an archive run";

    public const string Verification = "a verification";

    public static readonly StorePath Path = new(StoreArea.State, "lock");

    public static string Run(string trigger) => $"an archive run started by {trigger}";
}
