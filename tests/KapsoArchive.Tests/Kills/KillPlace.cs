using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Kills;

/// <summary>Where the archive lies whose runs are killed, and how to see what they do to it.</summary>
internal abstract class KillPlace : IDisposable
{
    public abstract IStore Store { get; }

    /// <summary>Tells the program where the archive is.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>How long after a step to kill at most: about as long as the next steps take.</summary>
    public abstract TimeSpan Delay { get; }

    /// <summary>Kills the program as planned. Returns when it has ended, be it by itself.</summary>
    public abstract Task KillAsync(CliProcess process, KillPlan plan, CancellationToken cancellationToken);

    /// <summary>Files that are staged and not yet visible.</summary>
    public abstract IReadOnlyList<string> Staged();

    /// <summary>A folder with the visible files, as an engine reads them.</summary>
    public abstract Task<string> DataAsync(IReadOnlyList<string> files, CancellationToken cancellationToken);

    /// <summary>What was seen on the way that must not be.</summary>
    public abstract IReadOnlyList<string> Violations { get; }

    /// <summary>How long a reader saw parts without their manifest, at most; null where it was not watched.</summary>
    public abstract TimeSpan? LongestReveal { get; }

    public abstract void Dispose();

    /// <summary>Waits, but not longer than the program runs.</summary>
    protected static async Task WaitAsync(CliProcess process, TimeSpan delay, CancellationToken cancellationToken) =>
        await Task.WhenAny(Task.Delay(delay, cancellationToken), process.ExitedAsync(cancellationToken));
}
