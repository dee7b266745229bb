using System.Threading.Channels;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;
using KapsoArchive.Core.Runs.Journal;
using KapsoArchive.Core.Runs.Sweeps;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads one conversation until it is shown to be complete, or until the slice ends, and hands on what is new in it.</summary>
internal sealed class ConversationReader(
    KapsoClient client, ArchiveIndex index, RunState state, ChannelWriter<ReadItem> output, RunTracker tracker, RequestGate gate, OutageDetector outage, ArchiveOptions options)
{
    /// <summary>The reason of a conversation that neither the archive nor the source knows.</summary>
    public const string NotFound = "not found";

    private static readonly IReadOnlyDictionary<UInt128, Change> NothingWritten = new Dictionary<UInt128, Change>();

    private readonly IReadOnlyDictionary<string, long> _leftOut = state.LeftOut;

    /// <param name="conversation">What to read, and how.</param>
    /// <param name="clock">Ends the reading between two pages; what is left is then handed on as <see cref="ConversationPaused"/>.</param>
    /// <param name="cancellationToken">Breaks everything off.</param>
    /// <exception cref="KeyRefusedException">The source refused the key: no conversation can be read.</exception>
    /// <exception cref="SourceUnavailableException">This conversation failed as so many before it did.</exception>
    /// <exception cref="IndexDamagedException">The index cannot be believed.</exception>
    public async Task ReadAsync(PlannedConversation conversation, SliceClock clock, CancellationToken cancellationToken)
    {
        using var span = new ConversationSpan(conversation.Id);
        IndexedConversation? indexed = index.Find(conversation.Id);
        ConversationMessages messages = await index.MessagesAsync(conversation.Id, cancellationToken);
        var known = new KnownMessages(messages.Entries, indexed?.FollowedUpTo, indexed?.Rejected ?? 0);
        var rows = new ConversationRows(conversation.Id, state.Run, known, messages.Texts, state.Written.GetValueOrDefault(conversation.Id, NothingWritten), state.Head.Range);
        var rejected = new RejectedRecords(output);
        ListingReader listing = Open(conversation, known, rows, rejected, PagesOf(conversation.Id, clock, span), EmitAsync);

        gate.BeginConversation();
        outage.Begin(conversation.Id);
        try
        {
            ListingEnd end = await ReadAsync(conversation.Id, listing, indexed is not null || rows.HasWritten, clock.Stop);
            await HandOnAsync(rows.Removals(end.Removed));
            JournalVisit visit = new(
                Row(conversation, listing, end, rows, rejected, known), end.IsUnknownToSource, rejected.Count == 0 && end.Sweep != SweepKind.Full ? indexed?.RejectedDigest ?? 0 : rejected.Digest,
                IsNewlyGone: end.Outcome == ConversationOutcome.Gone && indexed?.Outcome != ConversationOutcome.Gone,
                conversation.Due);
            await output.WriteAsync(new ConversationDone(visit, rejected.New(indexed)) { LeftOut = LeftOut() }, cancellationToken);
            span.Ended(visit.Row);
            tracker.ConversationDone(end.Outcome is ConversationOutcome.Complete or ConversationOutcome.Gone);
        }
        catch (OperationCanceledException) when (clock.IsEnding && !cancellationToken.IsCancellationRequested)
        {
            if (listing.Save() is { } left)
                await output.WriteAsync(new ConversationPaused(new PausedConversation(conversation.Id, left, rejected.Waiting, rejected.Written, rejected.WrittenDigest)) { LeftOut = LeftOut() }, cancellationToken);
        }
        finally
        {
            gate.EndConversation();
        }

        long? LeftOut() => rows.LeftOut > 0 || _leftOut.ContainsKey(conversation.Id) ? rows.LeftOut : null;

        async ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken pageToken)
        {
            outage.Answered();
            await rejected.AddAsync(items.Select(i => i.Rejected).OfType<RejectedRecord>(), cancellationToken);
            await HandOnAsync(rows.New(items));
        }

        async ValueTask HandOnAsync(IReadOnlyList<MessageRow> batch)
        {
            if (batch.Count == 0)
                return;
            await output.WriteAsync(new RowBatch(batch), cancellationToken);
            tracker.AddMessages(batch.Count);
        }
    }

    private static ConversationRow Row(
        PlannedConversation conversation, ListingReader listing, ListingEnd end, ConversationRows rows, RejectedRecords rejected, KnownMessages known) => new()
        {
            ConversationId = conversation.Id,
            Run = rows.Run,
            PhoneNumber = conversation.PhoneNumber,
            ContactName = conversation.ContactName,
            BusinessScopedUserId = conversation.BusinessScopedUserId,
            Username = conversation.Username,
            Extra = conversation.Extra,
            Status = conversation.Status,
            LastActiveAt = conversation.LastActiveAt is { } lastActive ? Timestamp.ToMicros(lastActive) : null,
            Outcome = end.Outcome,
            Reason = end.Reason,
            ReportedCount = listing.Total,
            DistinctCount = end.Sweep == SweepKind.Head && known.Count > 0 ? known.Count + rows.Added : listing.Distinct,
            Added = rows.Added,
            Changed = rows.Changed,
            Removed = rows.Removed,
            Rejected = end.Sweep == SweepKind.Head && rejected.Count == 0 ? known.Rejected : rejected.Count,
            Pages = listing.Pages,
            Sweeps = listing.Sweeps,
            Sweep = end.Sweep,
        };

    private ListingReader Open(
        PlannedConversation conversation, KnownMessages known, ConversationRows rows, RejectedRecords rejected, PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit)
    {
        var goal = new ReadingGoal(known, conversation.Full, options.Lookback) { Range = state.Head.Range };
        if (state.Paused.TryGetValue(conversation.Id, out PausedConversation? paused))
        {
            try
            {
                var restored = ListingReader.Restore(paused.Listing, source, emit, () => gate.Window, options.MaxSweeps, goal);
                rejected.Restore(paused);
                rows.Restore(_leftOut.GetValueOrDefault(conversation.Id));
                return restored;
            }
            catch (InvalidDataException)
            {
                // Then it is read from its beginning. What was written of it is not written twice.
            }
        }

        return new ListingReader(source, emit, () => gate.Window, options.MaxSweeps, goal);
    }

    private async Task<ListingEnd> ReadAsync(string conversationId, ListingReader listing, bool isKnown, CancellationToken cancellationToken)
    {
        try
        {
            ListingVerdict verdict = await listing.ReadAsync(cancellationToken);
            outage.Succeeded();
            return verdict.IsComplete
                ? new ListingEnd(ConversationOutcome.Complete, verdict.Remark, verdict.IsFull ? SweepKind.Full : SweepKind.Head, verdict.Removed)
                : new ListingEnd(ConversationOutcome.Incomplete, verdict.Remark, SweepKind.Full, []);
        }
        catch (ConversationNotFoundException)
        {
            outage.Succeeded(); // The source answered; it is the conversation that is not there.
            return isKnown
                ? new ListingEnd(ConversationOutcome.Gone, "Kapso no longer knows it", SweepKind.None, [])
                : new ListingEnd(ConversationOutcome.Failed, NotFound, SweepKind.None, []) { IsUnknownToSource = true };
        }
        catch (PageLimitException e)
        {
            outage.Succeeded();
            return new ListingEnd(ConversationOutcome.Incomplete, e.Message, SweepKind.Full, []);
        }
        catch (KapsoException e) when (e is AccessForbiddenException or RequestRefusedException)
        {
            outage.Refused(conversationId, e);
            return new ListingEnd(ConversationOutcome.Failed, e.Message, SweepKind.None, []);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            outage.Failed(conversationId, e);
            return new ListingEnd(ConversationOutcome.Failed, e.Message, SweepKind.None, []);
        }
    }

    private PageSource PagesOf(string conversationId, SliceClock clock, ConversationSpan span)
    {
        var flattener = new RecordFlattener(Utf8Text.From(conversationId), state.Run);
        return async (number, perPage, cancellationToken) =>
        {
            clock.ThrowIfEnding();
            Page page = await gate.PassAsync(
                token =>
                {
                    clock.ThrowIfEnding();
                    span.CountRequest();
                    return client.GetMessagesAsync(conversationId, number, perPage, token);
                },
                cancellationToken);
            return ListingPage.Of(page, flattener, conversationId, state.Head.Fingerprints);
        };
    }

    /// <summary>How the reading of a listing ended.</summary>
    private sealed record ListingEnd(ConversationOutcome Outcome, string? Reason, SweepKind Sweep, IReadOnlyCollection<UInt128> Removed)
    {
        public bool IsUnknownToSource { get; init; }
    }
}
