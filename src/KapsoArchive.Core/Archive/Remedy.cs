namespace KapsoArchive.Core.Archive;

/// <summary>What to do about damage, in words.</summary>
internal static class Remedy
{
    public const string Restore = "Restore it from a backup.";

    public const string ExportAnew = "Take it from a copy of the export, or export anew.";

    public const string RestoreManifest = "Restore it from a backup, then verify again: what it says is not believed until then.";

    /// <summary>What to do about a manifest that may be right although the next one contradicts it.</summary>
    /// <param name="after">The next run.</param>
    public static string RestoreOrAccept(string after) => $"Restore it from a backup, then verify again. {Accept(after)}";

    public static string Accept(string after) =>
        $"If a backup shows that it is as it was, run `kapso-archive verify --accept {after}`, which writes that down.";

    public const string RebuildIndex = "Run `kapso-archive verify --rebuild-index`, which makes the index anew from the parts.";

    public const string MoveAwayAndRebuild = "Move it away, then run `kapso-archive verify --rebuild-index`, which makes the index anew "
        + "from the parts.";

    public const string DeleteLatest = "Delete it: it only points at the newest file in _manifests/, and the next run writes it anew.";

    public const string MoveAway = "Move it away: it is no part of the archive.";

    public const string DeleteNotes = "Delete it, or leave it to the next run: removals that wait wait once more, and unreadable records "
        + "are looked for again.";

    public const string DeleteTelling = "Delete it: it only tells what was done, and nothing is lost with it.";

    public const string TakeOverClaim = "Run again: the next run takes it over.";

    public const string DeleteClaim = "Delete it: a later claim counts.";

    public const string CompareManifest = "Compare it with a backup. Where that says the same, the program was wrong: report it.";
}
