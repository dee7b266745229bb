namespace KapsoArchive.Sandbox;

/// <summary>Whether a listing ends, and what it goes on with.</summary>
public enum SandboxEndless
{
    /// <summary>It ends after its last message.</summary>
    No,

    /// <summary>After its last message it begins again, for ever.</summary>
    SameRecords,

    /// <summary>After its last message come invented ones with ids of their own, for ever.</summary>
    NewRecords,
}
