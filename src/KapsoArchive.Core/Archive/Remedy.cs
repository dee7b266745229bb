namespace KapsoArchive.Core.Archive;

/// <summary>What a user should do about damage, in words.</summary>
internal static class Remedy
{
    public const string Restore = "Restore it from a backup.";

    public const string ExportAnew = "Restore it from a copy of the export, or export again.";

    public const string RestoreManifest = "Restore it from a backup, then verify again: its content is not trusted until then.";

    /// <summary>What to do about a manifest that may be right although the one after it contradicts it.</summary>
    /// <param name="after">The run after it.</param>
    public static string RestoreOrAccept(string after) => $"Restore it from a backup, then verify again. {Accept(after)}";

    public static string Accept(string after) =>
        $"If a backup shows that it is unchanged, run `kapso-archive verify --accept {after}`, which records that.";

    public const string RebuildIndex = "Run `kapso-archive verify --rebuild-index`, which rebuilds the index from the parts.";

    public const string MoveAwayAndRebuild =
        "Move it away, then run `kapso-archive verify --rebuild-index`, which rebuilds the index from the parts.";

    public const string DeleteLatest = "Delete it: it only points at the newest file in _manifests/, and the next run rewrites it.";

    public const string MoveAway = "Move it away: it is not part of the archive.";

    public const string DeleteNotes = "Delete it, or let the next run replace it: pending removals start to wait again, and unreadable "
        + "records are requested again.";

    public const string DeletePlace = "Delete it: the next run writes it again.";

    public const string BackUpAgain = "Run `kapso-archive backup` at the original again, which writes it anew.";

    public const string DeleteTelling = "Delete it: it only describes what was done, and nothing is lost.";

    public const string TakeOverClaim = "Run again: the next run takes it over.";

    public const string DeleteClaim = "Delete it: a later claim replaces it.";

    public const string CompareManifest = "Compare it with a backup. If both are the same, the program has a bug: report it.";
}
