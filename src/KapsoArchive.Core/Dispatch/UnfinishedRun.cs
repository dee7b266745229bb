using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Core.Dispatch;

/// <summary>A run or export that its journal calls unfinished.</summary>
/// <param name="Attempts">Number of attempts since it last made progress.</param>
/// <param name="DueAt">When the next attempt is due; the past for at once.</param>
internal sealed record UnfinishedRun(string RunId, RunKind Kind, int Attempts, DateTimeOffset DueAt)
{
    public RunMessage Message => new(RunId, Kind);
}
