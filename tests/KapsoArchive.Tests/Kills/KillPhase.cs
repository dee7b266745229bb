namespace KapsoArchive.Tests.Kills;

/// <summary>What a killed run had still to do next, as the store tells it.</summary>
internal enum KillPhase
{
    /// <summary>It had not begun.</summary>
    Start,
    Fetch,

    /// <summary>Parts were being staged. Only a folder shows it: in blob containers it counts as <see cref="Fetch"/>.</summary>
    Stage,

    /// <summary>All was staged, and not all was visible.</summary>
    Reveal,

    /// <summary>All was visible, and nothing committed.</summary>
    Manifest,

    /// <summary>Committed; <c>latest.json</c> pointed at the run before.</summary>
    Pointer,
    Index,

    /// <summary>Only its journal had to go.</summary>
    CleanUp,

    /// <summary>Nothing but the end of the process.</summary>
    End,
}
