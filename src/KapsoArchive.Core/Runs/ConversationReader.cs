using System.Threading.Channels;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Sweeps;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads one conversation until it is shown to be complete, and hands its rows on, each message once.</summary>
internal sealed class ConversationReader(
    KapsoClient client, RunStamp run, ChannelWriter<RowBatch> output, RunTracker tracker, RequestGate gate, OutageDetector outage, int maxSweeps)
{
    /// <exception cref="KeyRefusedException">The source refused the key: no conversation can be read.</exception>
    /// <exception cref="SourceUnavailableException">This conversation failed as so many before it did.</exception>
    public async Task<ConversationRow> ReadAsync(ConversationSummary conversation, CancellationToken cancellationToken)
    {
        long added = 0;
        long rejected = 0;
        var listing = new ListingReader(PagesOf(conversation.Id), EmitAsync, () => gate.Window, maxSweeps);
        gate.BeginConversation();
        try
        {
            (ConversationOutcome outcome, string? reason) = await ReadAsync(listing, cancellationToken);
            return new ConversationRow
            {
                ConversationId = conversation.Id,
                Run = run,
                PhoneNumber = conversation.PhoneNumber,
                ContactName = conversation.ContactName,
                Status = conversation.Status,
                LastActiveAt = conversation.LastActiveAt is { } lastActive ? Timestamp.ToMicros(lastActive) : null,
                Outcome = outcome,
                Reason = reason,
                ReportedCount = listing.Total,
                DistinctCount = added,
                Added = added,
                Rejected = rejected,
                Pages = listing.Pages,
                Sweeps = listing.Sweeps,
                Sweep = outcome is ConversationOutcome.Complete or ConversationOutcome.Incomplete ? SweepKind.Full : SweepKind.None,
            };
        }
        finally
        {
            gate.EndConversation();
        }

        async ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken token)
        {
            var batch = new RowBatch([.. items.Select(i => i.Row).OfType<MessageRow>()], [.. items.Select(i => i.Rejected).OfType<RejectedRecord>()]);
            added += batch.Rows.Count;
            rejected += batch.Rejected.Count;
            await output.WriteAsync(batch, token);
            tracker.AddMessages(batch.Rows.Count);
        }
    }

    private async Task<(ConversationOutcome Outcome, string? Reason)> ReadAsync(ListingReader listing, CancellationToken cancellationToken)
    {
        try
        {
            (bool isComplete, string? remark) = await listing.ReadAsync(cancellationToken);
            outage.Succeeded();
            return (isComplete ? ConversationOutcome.Complete : ConversationOutcome.Incomplete, remark);
        }
        catch (ConversationNotFoundException e)
        {
            outage.Succeeded(); // The source answered; it is the conversation that is not there.
            return (ConversationOutcome.Failed, e.Message);
        }
        catch (PageLimitException e)
        {
            outage.Succeeded();
            return (ConversationOutcome.Incomplete, e.Message);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            outage.Failed(e);
            return (ConversationOutcome.Failed, e.Message);
        }
    }

    private PageSource PagesOf(string conversationId)
    {
        var flattener = new RecordFlattener(Utf8Text.From(conversationId), run);
        return async (number, perPage, cancellationToken) =>
        {
            Page page = await gate.PassAsync(token => client.GetMessagesAsync(conversationId, number, perPage, token), cancellationToken);
            return ListingPage.Of(page, flattener, conversationId);
        };
    }
}

/// <summary>What one page brought.</summary>
internal sealed record RowBatch(IReadOnlyList<MessageRow> Rows, IReadOnlyList<RejectedRecord> Rejected);
