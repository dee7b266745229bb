namespace KapsoArchive.Sandbox;

/// <summary>The order of a listing. Kapso documents none, so the archiver has to read every one of them.</summary>
public enum SandboxOrder
{
    /// <summary>By created_at, descending: what Kapso most likely does.</summary>
    NewestFirst,

    /// <summary>By created_at, ascending.</summary>
    OldestFirst,

    /// <summary>A seeded shuffle: the same on every request, and related to no field.</summary>
    Unordered,
}
