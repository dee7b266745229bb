namespace KapsoArchive.Sandbox;

/// <summary>The order of a listing. Kapso documents no order, so the archiver must handle all of these.</summary>
public enum SandboxOrder
{
    /// <summary>By created_at, descending: Kapso's most likely order.</summary>
    NewestFirst,

    /// <summary>By created_at, ascending.</summary>
    OldestFirst,

    /// <summary>A seeded shuffle: the same on every request and unrelated to any field.</summary>
    Unordered,
}
