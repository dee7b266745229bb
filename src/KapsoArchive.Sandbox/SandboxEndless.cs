namespace KapsoArchive.Sandbox;

/// <summary>Whether a listing ends, and how an endless one continues.</summary>
public enum SandboxEndless
{
    /// <summary>The listing ends after its last message.</summary>
    No,

    /// <summary>The listing repeats itself without end.</summary>
    SameRecords,

    /// <summary>Invented messages with new ids follow the last one, without end.</summary>
    NewRecords,
}
