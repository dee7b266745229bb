namespace KapsoArchive.Tests.Kills;

/// <summary>What a run does to a store that can be seen from outside.</summary>
internal enum KillStep
{
    None,
    Document,
    JournalEntry,
    Staged,
    Commit,
    Part,
    Manifest,
    TableCommit,
    Pointer,
    Leaf,
    Catalog,
    JournalDeletion,
}
