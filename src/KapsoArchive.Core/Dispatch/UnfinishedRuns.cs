namespace KapsoArchive.Core.Dispatch;

/// <summary>Reads from the journals which runs and exports are left to carry out.</summary>
internal sealed class UnfinishedRuns(IStore store, TimeProvider time)
{
    /// <summary>The runs and exports that were not given up. Heads are read one by one, so a caller can stop early.</summary>
    /// <param name="turnOf">The lowest number comes first; then archive runs, then exports, each oldest first.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async IAsyncEnumerable<UnfinishedRun> ReadAsync(
        Func<string, long> turnOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<RunJournal> journals =
        [
            .. await JournalsAsync(RunKind.Archive, cancellationToken), .. await JournalsAsync(RunKind.Export, cancellationToken),
        ];
        foreach (RunJournal journal in journals.OrderBy(j => turnOf(j.RunId)))
        {
            if (await TryReadAsync(journal, cancellationToken) is { } run)
                yield return run;
        }
    }

    /// <summary>Whether an archive run is left to carry out.</summary>
    public async Task<bool> HasArchiveRunAsync(CancellationToken cancellationToken)
    {
        foreach (RunJournal journal in await JournalsAsync(RunKind.Archive, cancellationToken))
        {
            if (await TryReadAsync(journal, cancellationToken) is not null)
                return true;
        }

        return false;
    }

    /// <inheritdoc cref="ReviveAsync(string, RunKind, CancellationToken)"/>
    public async Task ReviveAsync(RunKind kind, CancellationToken cancellationToken)
    {
        foreach (RunJournal journal in await JournalsAsync(kind, cancellationToken))
            await ReviveAsync(journal.RunId, kind, cancellationToken);
    }

    /// <summary>Makes work due at once that was given up, or that waits for its next attempt.</summary>
    public async Task ReviveAsync(string runId, RunKind kind, CancellationToken cancellationToken)
    {
        var journal = new RunJournal(store, runId, kind);
        try
        {
            if (await journal.ReadHeadAsync(cancellationToken) is { } head && (head.GivenUp || head.NotBefore is not null))
                await journal.SaveHeadAsync(head with { Attempts = 0, NotBefore = null, GivenUp = false }, cancellationToken);
        }
        catch (Exception e) when (e is StoreConflictException or InvalidDataException)
        {
            // A worker has just taken it up, or will report the damage when it does.
        }
    }

    private async Task<IEnumerable<RunJournal>> JournalsAsync(RunKind kind, CancellationToken cancellationToken) =>
        (await RunJournal.UnfinishedAsync(store, kind, cancellationToken)).Select(id => new RunJournal(store, id, kind));

    /// <returns>Null if the run has ended, or was given up.</returns>
    private async Task<UnfinishedRun?> TryReadAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            if (await journal.ReadHeadAsync(cancellationToken) is not { GivenUp: false } head)
                return null;
            bool waits = head.NotBefore - time.GetUtcNow() <= RunAttempt.LongestPause; // Otherwise the clock was set back.
            return new UnfinishedRun(journal.RunId, journal.Kind, head.Attempts, waits ? head.NotBefore!.Value : default);
        }
        catch (InvalidDataException)
        {
            return new UnfinishedRun(journal.RunId, journal.Kind, Attempts: 0, DueAt: default); // The attempt abandons it.
        }
    }
}
