using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Reads one conversation until it is shown to be complete, or until the slice ends, and passes on what is new in it.</summary>
/// <param name="waiting">The keys of the files that the archive waits for, whose links are passed on too.</param>
internal sealed class ConversationReader(
    PageFetch pages, ArchiveIndex index, ListingNotes notes, RunState state, ChannelWriter<ReadItem> output, RunTracker tracker,
    RequestGate gate, OutageDetector outage, SourceShape shape,
    ArchiveOptions options, int maxMessages, IReadOnlySet<UInt128> waiting)
{
    private static readonly IReadOnlyDictionary<UInt128, Change> NothingWritten = new Dictionary<UInt128, Change>();

    private readonly IReadOnlyDictionary<string, long> _leftOut = state.LeftOut;

    /// <param name="conversation">What to read, and how.</param>
    /// <param name="clock">Ends the reading between two pages; the rest is then passed on as <see cref="ConversationPaused"/>.</param>
    /// <param name="cancellationToken">Stops everything.</param>
    /// <exception cref="KeyRefusedException">The source refused the key: no conversation can be read.</exception>
    /// <exception cref="SourceUnavailableException">This conversation failed, like many before it.</exception>
    /// <exception cref="IndexDamagedException">The index is damaged.</exception>
    public async Task ReadAsync(PlannedConversation conversation, SliceClock clock, CancellationToken cancellationToken)
    {
        using var span = new ConversationSpan(conversation.Id);
        bool isExport = state.Head.Kind == RunKind.Export;
        IndexedConversation? indexed = isExport ? null : index.Find(conversation.Id);
        ConversationMessages messages = await index.MessagesAsync(conversation.Id, cancellationToken);
        var known = new KnownMessages(messages.Entries, indexed?.FollowedUpTo, indexed?.Rejected ?? 0);
        var rows = new ConversationRows(
            conversation.Id, state.Run, known, messages.Texts, state.Written.GetValueOrDefault(conversation.Id, NothingWritten),
            state.Head.Range, state.Head.Choice);
        var rejected = new RejectedRecords(output);
        ListingReader listing = Open(conversation, indexed, known, rows, rejected, pages.Of(conversation.Id, span), EmitAsync);

        gate.BeginConversation();
        outage.Begin(conversation.Id);
        try
        {
            ListingEnd end = await ReadAsync(conversation.Id, listing, indexed is not null || rows.HasWritten, clock.Stop);
            ListingNote before = notes.Of(conversation.Id);
            RemovalDecision removals = RuleFor(conversation.Id).Decide(
                conversation.Id, isExport ? KnownMessages.None : known, before.Waiting, listing.Saw, end.IsWitness);
            end = end.With(removals);
            await HandOnAsync(rows.Removals(removals.Removed));
            JournalVisit visit = new(
                Row(conversation, listing, end, rows, rejected, known, removals.Waiting.Count), end.IsUnknownToSource,
                rejected.Count == 0 && end.Sweep != SweepKind.Full ? indexed?.RejectedDigest ?? 0 : rejected.Digest,
                IsNewlyGone: end.Outcome == ConversationOutcome.Gone && indexed?.Outcome != ConversationOutcome.Gone,
                conversation.Due)
            {
                Note = new ListingNote(
                    removals.Waiting,
                    end.Outcome is ConversationOutcome.Failed or ConversationOutcome.Gone ? before.Unreadable : listing.Unreadable),
            };
            await output.WriteAsync(
                new ConversationDone(visit, conversation.Place, rejected.New(indexed)) { LeftOut = LeftOut(), Saw = listing.Saw },
                cancellationToken);
            span.Ended(visit.Row);
        }
        catch (OperationCanceledException) when (clock.IsEnding && !cancellationToken.IsCancellationRequested)
        {
            if (listing.Save() is { } left)
            {
                var paused = new PausedConversation(
                    conversation.Id, left, rejected.Waiting, rejected.Written, rejected.WrittenDigest);
                await output.WriteAsync(new ConversationPaused(paused) { LeftOut = LeftOut() }, cancellationToken);
            }
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
            if (rows.Seen(items, waiting) is { Count: > 0 } seen)
                await output.WriteAsync(new LinksSeen(seen), cancellationToken);
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

    private ConversationRow Row(
        PlannedConversation conversation, ListingReader listing, ListingEnd end, ConversationRows rows, RejectedRecords rejected,
        KnownMessages known, int missing) => new()
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
            DistinctCount = end.Sweep == SweepKind.Head && known.Count > 0 ? known.Count - missing + rows.Added : listing.Distinct,
            Added = rows.Added,
            Changed = rows.Changed,
            Removed = rows.Removed,
            Rejected = end.Sweep == SweepKind.Head && rejected.Count == 0 ? known.Rejected : rejected.Count,
            Pages = listing.Pages,
            Sweeps = listing.Sweeps,
            Sweep = end.Sweep,
            From = WasRead(end) ? ExportSource.Kapso : null,
            AsOf = WasRead(end) ? rows.Run.ArchivedAtMicros : null,
        };

    private bool WasRead(ListingEnd end) =>
        state.Head.Kind == RunKind.Export && end.Outcome is ConversationOutcome.Complete or ConversationOutcome.Incomplete;

    private RemovalRule RuleFor(string conversationId) =>
        new(options.RemovalGrace, state.Run.ArchivedAtMicros, state.Head.AcceptedRemovals?.Contains(conversationId) == true);

    private ListingReader Open(
        PlannedConversation conversation, IndexedConversation? indexed, KnownMessages known, ConversationRows rows,
        RejectedRecords rejected, PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit)
    {
        ListingNote note = notes.Of(conversation.Id);
        var goal = new ReadingGoal(known, conversation.Full, options.Lookback)
        {
            Range = state.Head.Range,
            MaxRecords = maxMessages,
            CountAgreed = indexed is { CountAgreed: true, Outcome: ConversationOutcome.Complete },
            Waiting = new HashSet<UInt128>(note.Waiting.Select(w => w.Key)),
            Unreadable = note.Unreadable,
        };
        var setting = new SweepSetting(source, () => gate.Window, shape, goal);
        if (state.Paused.TryGetValue(conversation.Id, out PausedConversation? paused))
        {
            try
            {
                var restored = ListingReader.Restore(paused.Listing, setting, emit, options.MaxSweeps);
                rejected.Restore(paused);
                rows.Restore(_leftOut.GetValueOrDefault(conversation.Id));
                return restored;
            }
            catch (InvalidDataException)
            {
                // Then it is read from its beginning. Rows that were written are not written twice.
            }
        }

        return new ListingReader(setting, emit, options.MaxSweeps);
    }

    private async Task<ListingEnd> ReadAsync(
        string conversationId, ListingReader listing, bool isKnown, CancellationToken cancellationToken)
    {
        try
        {
            ListingVerdict verdict = await listing.ReadAsync(cancellationToken);
            outage.Succeeded();
            return verdict.IsComplete
                ? new ListingEnd(ConversationOutcome.Complete, verdict.Remark, verdict.IsFull ? SweepKind.Full : SweepKind.Head)
                {
                    IsWitness = verdict.IsWitness,
                }
                : new ListingEnd(ConversationOutcome.Incomplete, verdict.Remark, SweepKind.Full);
        }
        catch (ConversationNotFoundException)
        {
            outage.Succeeded(); // The source answered; only the conversation does not exist.
            return isKnown
                ? new ListingEnd(ConversationOutcome.Gone, "Kapso no longer knows it", SweepKind.None)
                : new ListingEnd(ConversationOutcome.Failed, IncompleteReason.NotFound, SweepKind.None) { IsUnknownToSource = true };
        }
        catch (PageLimitException e)
        {
            outage.Succeeded();
            return new ListingEnd(ConversationOutcome.Incomplete, e.Message, SweepKind.Full);
        }
        catch (KapsoException e) when (e is AccessForbiddenException or RequestRefusedException or UnaddressableConversationException)
        {
            outage.Refused(conversationId, e);
            return new ListingEnd(ConversationOutcome.Failed, e.Message, SweepKind.None);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            outage.Failed(conversationId, e);
            return new ListingEnd(ConversationOutcome.Failed, e.Message, SweepKind.None);
        }
    }

    /// <summary>How the reading of a listing ended.</summary>
    private sealed record ListingEnd(ConversationOutcome Outcome, string? Reason, SweepKind Sweep)
    {
        public bool IsUnknownToSource { get; init; }

        /// <summary>Whether it is proven that a message that was not found is not listed.</summary>
        public bool IsWitness { get; init; }

        /// <summary>The same with a remark on the messages that were not found.</summary>
        public ListingEnd With(RemovalDecision removals) => removals switch
        {
            { Objection: { } objection } => this with { Outcome = ConversationOutcome.Incomplete, Reason = Joined(Reason, objection) },
            { Remark: { } remark } => this with { Reason = Joined(Reason, remark) },
            _ => this,
        };

        private static string Joined(string? first, string second) => first is null ? second : $"{first}; {second}";
    }
}
