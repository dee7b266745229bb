using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>One walk through the list of conversations, from its head to an end that a page proves.</summary>
/// <remarks>
/// The end is a page with fewer rows than requested and fewer than the largest page of this run (or fewer than ten), or an empty page
/// directly after the last row. If the count is higher, the next page is requested anyway. After a full page, a source may refuse the next
/// page or return the last one again: then a page of another size that holds the last row must be short.
/// A walk of the head ends earlier: at the first page with a conversation that was last active before a given time.
/// </remarks>
/// <param name="read">Returns a page, by number and size.</param>
/// <param name="found">The conversations that all walks have found.</param>
/// <param name="sizes">Page sizes that the source has shown.</param>
/// <param name="maxMegabytes">Maximum size of the found conversations.</param>
/// <param name="newest">The latest activity that the first walk saw; null in the first walk.</param>
/// <param name="since">For a walk of the head, the time at which it may end; null for a walk of the whole list.</param>
internal sealed class ConversationListWalk(
    Func<int, int, CancellationToken, Task<Page>> read,
    FoundList found,
    ListPageSizes sizes,
    int maxMegabytes,
    DateTimeOffset? newest,
    DateTimeOffset? since = null)
{
    /// <summary>Maximum size in bytes of a conversation's row that is kept completely.</summary>
    public const int MaxRowLength = 64 * 1024;

    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<UInt128> _seenRejected = [];
    private readonly List<RejectedRecord> _rejected = [];
    private long _rejectedBytes;
    private List<UInt128> _page = [];
    private bool _endsHere;
    private bool _isPastHead;

    /// <summary>Pages that had rows.</summary>
    public int Pages { get; private set; }

    public bool IsProven { get; private set; }

    /// <summary>Whether it stopped before the end, because the list is too large.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Why the end is not proven; null if it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether it found a conversation that an earlier walk should have found.</summary>
    public bool BroughtNews { get; private set; }

    /// <summary>Whether the list moved during the walk: a page repeated a row of an earlier one, or the count changed.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>The source's count on the last page that had one.</summary>
    public long? Total { get; private set; }

    /// <summary>Number of rows that were too large, so that only the id was taken.</summary>
    public int LargeRows { get; private set; }

    public IReadOnlyList<RejectedRecord> Rejected => _rejected;

    public long Listed => _seen.Count + _rejected.Count;

    /// <exception cref="KapsoException">The very first page cannot be read.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        for (int number = 1; ; number++)
        {
            int size = sizes.Requested;
            if (await TryReadAsync(number, size, cancellationToken) is not { } page)
                return;
            int rows = page.Records.Count;
            if (rows == 0)
            {
                IsProven = true;
                return;
            }

            int fresh = Add(page);
            if (found.Bytes + _rejectedBytes > (long)maxMegabytes << 20)
            {
                IsTooLong = true;
                Problem = string.Create(
                    CultureInfo.InvariantCulture,
                    $"it continues after the {found.Count:N0} conversations that fit in {maxMegabytes} MB (Kapso:MaxListMegabytes)");
                return;
            }

            if (_isPastHead)
            {
                IsProven = true;
                return;
            }

            if (fresh == 0)
            {
                await EndAsync((number - 1L) * size, "the source repeats itself after its last page", cancellationToken);
                return;
            }

            _endsHere = sizes.IsLast(rows, size);
            if (_endsHere && (since is not null || !(Total > Listed)))
            {
                IsProven = true;
                return;
            }

            if (rows < size && !_endsHere)
                sizes.Clamp(rows); // Only the first page can be like this, so the next one begins after it.
        }
    }

    /// <returns>Null if the walk has ended.</returns>
    private async Task<Page?> TryReadAsync(int number, int size, CancellationToken cancellationToken)
    {
        try
        {
            return await read(number, size, cancellationToken);
        }
        catch (PageRefusedException e)
        {
            await EndAsync((number - 1L) * size, $"the source refuses page {number}: {e.Message.TrimEnd('.')}", cancellationToken);
        }
        catch (KapsoException e) when (e is not KeyRefusedException && found.Count > 0)
        {
            Problem = $"page {number} could not be read: {e.Message.TrimEnd('.')}";
        }

        return null;
    }

    /// <param name="rows">Number of rows on the pages before.</param>
    /// <param name="problem">What stopped the walk.</param>
    private async Task EndAsync(long rows, string problem, CancellationToken cancellationToken)
    {
        IsProven = _endsHere; // The page before was short: only its count promised more.
        Problem = IsProven ? null : problem;
        if (IsProven || sizes.Across(rows) is not { } look)
            return;
        try
        {
            Page page = await read(look.Page, look.Size, cancellationToken);
            bool beginsKnown = page.Records.Count > 0
                && (ConversationSummary.FromRecord(page.Records[0].Span) is not { } first || _seen.Contains(FoundList.KeyOf(first.Id)));
            Add(page);
            IsProven = beginsKnown && sizes.IsLast(page.Records.Count, look.Size);
            Problem = IsProven ? null : problem;
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            // Then the end stays unproven.
        }
    }

    /// <returns>Number of its rows that were not seen in this walk.</returns>
    private int Add(Page page)
    {
        Pages++;
        HasMoved |= Total is { } before && page.Meta.TotalCount is { } now && now != before;
        Total = page.Meta.TotalCount ?? Total;
        int fresh = 0;
        bool hasRepeats = false;
        List<UInt128> keys = [];
        foreach (ReadOnlyMemory<byte> record in page.Records)
        {
            if (ConversationSummary.FromRecord(record.Span) is not { } conversation)
            {
                if (AddRejected(record))
                    fresh++;
                continue;
            }

            _isPastHead |= since is not null && !(conversation.LastActiveAt >= since);
            if (record.Length > MaxRowLength)
            {
                LargeRows++;
                conversation = new ConversationSummary(conversation.Id, null, null, null, conversation.LastActiveAt);
            }

            UInt128 key = FoundList.KeyOf(conversation.Id);
            bool isNew = found.Add(key, conversation);
            BroughtNews |= isNew && !(conversation.LastActiveAt > newest);
            keys.Add(key);
            if (_seen.Add(key))
                fresh++;
            else
                hasRepeats = true;
        }

        HasMoved |= hasRepeats && !keys.SequenceEqual(_page); // Behind its end, a source may return its last page again.
        _page = keys;
        return fresh;
    }

    /// <summary>Adds a rejected row. Identical rows cannot be told apart, so each distinct text counts once per walk.</summary>
    private bool AddRejected(ReadOnlyMemory<byte> record)
    {
        if (!_seenRejected.Add(XxHash128.HashToUInt128(record.Span)))
            return false;
        _rejectedBytes += record.Length;
        _rejected.Add(new RejectedRecord("", record.ToArray(), "a conversation without an id that can be asked for"));
        return true;
    }
}
