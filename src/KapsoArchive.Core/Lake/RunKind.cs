namespace KapsoArchive.Core.Lake;

/// <summary>The purpose of a run.</summary>
public enum RunKind
{
    /// <summary>Adds new data to the lake.</summary>
    Archive,

    /// <summary>Writes a self-contained folder.</summary>
    Export,
}
