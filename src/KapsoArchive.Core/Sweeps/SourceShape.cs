using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>How the source has paged so far in this run, shared by all conversations that are being read. What was kept of earlier runs
/// decides only what is requested.</summary>
/// <param name="keptSize">The size that an earlier run ended with; null if pages of any size could be read.</param>
internal sealed class SourceShape(int? keptSize = null)
{
    private readonly Lock _lock = new();
    private int _mostPerPage = KapsoClient.MaxPerPage;
    private int? _keptSize = keptSize < KapsoClient.MaxPerPage ? keptSize : null;
    private bool _isTried;
    private int _halved;
    private long _answers;

    /// <summary>The most records that a page had.</summary>
    public int LargestPage { get; private set; }

    /// <summary>The most records to request at once: what the source gave when it held back more, or what could be read when larger pages
    /// failed.</summary>
    public int MostPerPage
    {
        get
        {
            lock (_lock)
                return Math.Min(_mostPerPage, _keptSize ?? _mostPerPage);
        }
    }

    /// <summary>The size with which larger pages could not be read, for the next run to begin with; null if there is none.</summary>
    public int? WorkingSize { get; private set; } = keptSize < KapsoClient.MaxPerPage ? keptSize : null;

    /// <summary>Whether some count of the source was absent or wrong: from then on seams must be firm by themselves.</summary>
    public bool CountsAreDoubtful { get; private set; }

    /// <summary>The order in which listings came, for one whose records do not show it.</summary>
    public ListingOrder Order { get; private set; }

    /// <summary>Pages that were answered. If it grew since a page failed, the failure concerns that page.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Whether the caller is the one that tries a full page once more in this run, after earlier runs could read smaller ones
    /// only.</summary>
    public bool MayTryFullPage()
    {
        lock (_lock)
        {
            if (_keptSize is null || _isTried)
                return false;
            return _isTried = true;
        }
    }

    /// <summary>Notes that a page was read.</summary>
    public void Answered(int records)
    {
        Interlocked.Increment(ref _answers);
        lock (_lock)
        {
            LargestPage = Math.Max(LargestPage, records);
            if (records > _keptSize)
                WorkingSize = _keptSize = null; // Larger pages can be read again.
        }
    }

    /// <summary>Notes that the source gave fewer records than were requested although more followed.</summary>
    public void HeldBack(int given)
    {
        lock (_lock)
        {
            CountsAreDoubtful = true;
            _mostPerPage = Math.Clamp(given, EndRule.Unclampable, _mostPerPage);
        }
    }

    /// <summary>Notes that a page failed, and that all it holds could be read in pages of this size. Once may be chance; from the second
    /// time on no larger pages are requested.</summary>
    public void NoteHalved(int size)
    {
        lock (_lock)
        {
            if (_halved++ > 0)
                WorkingSize = _mostPerPage = Math.Min(_mostPerPage, Math.Max(1, size));
        }
    }

    public void DoubtCounts()
    {
        lock (_lock)
            CountsAreDoubtful = true;
    }

    public void Show(ListingOrder order)
    {
        lock (_lock)
            Order = order is ListingOrder.NewestFirst or ListingOrder.OldestFirst ? order : Order;
    }
}
