using System.IO.Hashing;
using System.Threading.Channels;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads one conversation's listing to its end and hands its rows on, each message once.</summary>
internal sealed class ConversationReader(KapsoClient client, RunStamp run, ChannelWriter<RowBatch> output, RunTracker tracker)
{
    /// <exception cref="KeyRefusedException">The source refused the key: no conversation can be read.</exception>
    public async Task<ConversationRow> ReadAsync(ConversationSummary conversation, CancellationToken cancellationToken)
    {
        var listing = new ListingCount();
        string? failure = null;
        try
        {
            await ReadPagesAsync(conversation.Id, listing, cancellationToken);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            failure = e.Message;
        }

        string? reason = failure ?? listing.Doubt();
        return new ConversationRow
        {
            ConversationId = conversation.Id,
            Run = run,
            PhoneNumber = conversation.PhoneNumber,
            ContactName = conversation.ContactName,
            Status = conversation.Status,
            LastActiveAt = conversation.LastActiveAt is { } lastActive ? Timestamp.ToMicros(lastActive) : null,
            Outcome = failure is not null ? ConversationOutcome.Failed : reason is not null ? ConversationOutcome.Incomplete : ConversationOutcome.Complete,
            Reason = reason,
            ReportedCount = listing.Reported,
            DistinctCount = listing.Distinct,
            Added = listing.Distinct,
            Rejected = listing.Rejected,
            Pages = listing.Pages,
            Sweeps = 1,
        };
    }

    private async Task ReadPagesAsync(string conversationId, ListingCount listing, CancellationToken cancellationToken)
    {
        var flattener = new RecordFlattener(Utf8Text.From(conversationId), run);
        await foreach (Page page in client.ReadMessagesAsync(conversationId, cancellationToken))
        {
            var batch = new RowBatch();
            foreach (byte[] record in page.Records)
            {
                MessageRow? row = flattener.Flatten(record, out string? rejection);
                if (row is null)
                    batch.Rejected.Add(new RejectedRecord(conversationId, record, rejection!));
                else if (listing.IsNew(row.Id))
                    batch.Rows.Add(row);
            }

            listing.Add(page, batch.Rejected.Count);
            await output.WriteAsync(batch, cancellationToken);
            tracker.AddMessages(batch.Rows.Count);

            // Every page is meant to bring something new. One that does not is the same page again, and would be for ever.
            if (batch.Rows.Count == 0 && batch.Rejected.Count == 0)
                break;
        }
    }

    /// <summary>What has been seen of one listing: hashes of ids (some 40 bytes a message), never the records.</summary>
    private sealed class ListingCount
    {
        private readonly HashSet<UInt128> _ids = [];

        public long? Reported { get; private set; }

        public long Rejected { get; private set; }

        public long Pages { get; private set; }

        public long Distinct => _ids.Count;

        public bool IsNew(Utf8Text id) => _ids.Add(XxHash128.HashToUInt128(id.Span));

        public void Add(Page page, int rejected)
        {
            Pages++;
            Rejected += rejected;
            Reported = page.Meta.TotalCount ?? Reported;
        }

        /// <summary>Why this may not be everything; null where the source's own count agrees.</summary>
        public string? Doubt()
        {
            if (Reported is null)
                return "the source gave no total_count to check against";
            long read = Distinct + Rejected;
            return read == Reported ? null : $"read {read} messages, but the source counts {Reported}";
        }
    }
}

/// <summary>What one page brought.</summary>
internal sealed class RowBatch
{
    public List<MessageRow> Rows { get; } = new(KapsoClient.MaxPerPage);

    public List<RejectedRecord> Rejected { get; } = [];
}
