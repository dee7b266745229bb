using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Sweeps;

/// <summary>One record of a listing, as a sweep sees it.</summary>
/// <param name="Id">The message's key (<see cref="MessageKey"/>). For a rejected record, a hash of the record and its place.</param>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC; null if unknown.</param>
/// <param name="Fingerprint">The message's <see cref="Lake.Fingerprints.Fingerprint"/>; 0 for a rejected record.</param>
/// <param name="IsMessage">False for a rejected record.</param>
/// <param name="Row">The message; null for a rejected record, and once its page has been emitted.</param>
/// <param name="Rejected">The rejected record; null for a message, and once its page has been emitted.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ListingItem(
    UInt128 Id, long? CreatedAt, ulong Fingerprint, bool IsMessage, MessageRow? Row, RejectedRecord? Rejected);

/// <summary>One page of a listing, as a sweep sees it.</summary>
internal sealed record ListingPage(ListingItem[] Items, PageMeta Meta)
{
    /// <summary>Flattens the records of a page. Two identical rejected records differ only in their place, so each is identified by its
    /// bytes and by the records before it.</summary>
    /// <param name="fingerprints">Version of <see cref="Lake.Fingerprints.Fingerprint"/> that the run compares with.</param>
    public static ListingPage Of(Page page, RecordFlattener flattener, string conversationId, int fingerprints)
    {
        ListingItem[] items = new ListingItem[page.Records.Count];
        UInt128 before = default;
        for (int i = 0; i < items.Length; i++)
        {
            ReadOnlyMemory<byte> record = page.Records[i];
            MessageRow? row = flattener.Flatten(Utf8Text.From(record), out string? rejection);
            if (row is not null)
            {
                row.Key = MessageKey.Of(row.Id.Span, out bool isUuid);
                (row.KeyIsUuid, row.Fingerprint) = (isUuid, Fingerprint.Of(row, fingerprints));
            }

            items[i] = row is null
                ? new ListingItem(
                    XxHash128.HashToUInt128(record.Span) + (before * 31) + 1, CreatedAt: null, Fingerprint: 0, IsMessage: false, Row: null,
                    new RejectedRecord(conversationId, record.ToArray(), rejection!))
                : new ListingItem(row.Key, row.CreatedAt, row.Fingerprint, IsMessage: true, row, Rejected: null);
            before = items[i].Id;
        }

        return new ListingPage(items, page.Meta);
    }

    /// <summary>Drops the content of the records, which keeps the response in memory. A sweep compares pages by what remains.</summary>
    public void LetGo()
    {
        for (int i = 0; i < Items.Length; i++)
            Items[i] = Items[i] with { Row = null, Rejected = null };
    }
}

/// <summary>Returns a page of one listing.</summary>
/// <param name="retries">Number of retries after a transient fault; null for the default.</param>
/// <exception cref="UnreadablePageException">The page fails, although the source answers other requests.</exception>
/// <exception cref="PageRefusedException">The source refuses this page (400, 404 or 422), and it is not the first.</exception>
internal delegate Task<ListingPage> PageSource(PagePlan plan, int? retries, CancellationToken cancellationToken);
