namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Reads the journals of unfinished runs to their end. Only a complete journal explains a stray file.</summary>
internal sealed class JournalCheck(IStore store, RunKind kind, VerificationNotes notes)
{
    /// <returns>The runs with complete journals, oldest first.</returns>
    public async Task<IReadOnlyList<RunState>> FindAsync(CancellationToken cancellationToken)
    {
        List<RunState> whole = [];
        foreach (string runId in await RunJournal.UnfinishedAsync(store, kind, cancellationToken))
        {
            if (await ReadAsync(new RunJournal(store, runId, kind), cancellationToken) is { } state)
                whole.Add(state);
        }

        return whole;
    }

    /// <returns>Null if it is damaged, or if the run ended in the meantime.</returns>
    private async Task<RunState?> ReadAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        const string Action = "Run again: this run is given up, and what it read is read again. No reader uses the files that it made "
            + "visible.";
        try
        {
            RunState state = await journal.LoadAsync(cancellationToken);
            await foreach (ReadOnlyMemory<byte> lines in journal.RejectedAsync(state, cancellationToken))
                _ = lines; // Reading a line checks it.
            return state;
        }
        catch (InvalidDataException e)
        {
            // Exports continue during a verification. A journal that grew or was deleted is not damaged.
            if (kind == RunKind.Export && !await StaysAsync(journal, e, cancellationToken))
                return null;
            var document = e.InnerException as DamagedDocumentException;
            notes.Find(document?.Document ?? journal.Head.Name, document?.Problem ?? $"is damaged: {e.Message}", Action);
            return null;
        }
        catch (RefusedFileException e)
        {
            notes.Find(journal.Head.Name, $"or a document beside it is not a regular file: {e.Message}", Remedy.MoveAway);
            return null;
        }
    }

    private static async Task<bool> StaysAsync(RunJournal journal, InvalidDataException damage, CancellationToken cancellationToken)
    {
        try
        {
            if (await journal.ExistsAsync(cancellationToken))
                await journal.LoadAsync(cancellationToken);
            return false;
        }
        catch (InvalidDataException again)
        {
            return again.Message == damage.Message && await journal.ExistsAsync(cancellationToken);
        }
    }
}
