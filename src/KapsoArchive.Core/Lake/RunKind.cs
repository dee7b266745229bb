namespace KapsoArchive.Core.Lake;

/// <summary>What a run is for.</summary>
public enum RunKind
{
    /// <summary>Adds to the lake what is new.</summary>
    Archive,

    /// <summary>Writes a folder of its own, which needs nothing else.</summary>
    Export,
}
