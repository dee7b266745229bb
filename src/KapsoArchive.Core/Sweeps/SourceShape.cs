using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>How the source has paged so far in this run, shared by all conversations that are being read. Values from earlier runs affect
/// only what is requested.</summary>
/// <param name="keptSize">The page size that an earlier run ended with; null if pages of any size could be read.</param>
internal sealed class SourceShape(int? keptSize = null)
{
    private readonly Lock _lock = new();
    private int _mostPerPage = KapsoClient.MaxPerPage;
    private int? _keptSize = keptSize < KapsoClient.MaxPerPage ? keptSize : null;
    private bool _isTried;
    private int _halved;
    private long _answers;

    /// <summary>Size of the largest page.</summary>
    public int LargestPage { get; private set; }

    /// <summary>Maximum number of records to request at once: the number that the source returned when it capped a page, or the size that
    /// worked when larger pages failed.</summary>
    public int MostPerPage
    {
        get
        {
            lock (_lock)
                return Math.Min(_mostPerPage, _keptSize ?? _mostPerPage);
        }
    }

    /// <summary>The page size that worked when larger pages failed, for the next run to begin with; null if all sizes work.</summary>
    public int? WorkingSize { get; private set; } = keptSize < KapsoClient.MaxPerPage ? keptSize : null;

    /// <summary>Whether a count of the source was missing or wrong. From then on, seams must be firm by themselves.</summary>
    public bool CountsAreDoubtful { get; private set; }

    /// <summary>The order of earlier listings, used for a listing whose records do not show it.</summary>
    public ListingOrder Order { get; private set; }

    /// <summary>Pages that were answered. If the number grew since a page failed, the failure concerns only that page.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Whether the caller should try one full page in this run, after earlier runs could read only smaller pages.</summary>
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

    /// <summary>Notes that the source returned fewer records than requested although more followed.</summary>
    public void HeldBack(int given)
    {
        lock (_lock)
        {
            CountsAreDoubtful = true;
            _mostPerPage = Math.Clamp(given, EndRule.Unclampable, _mostPerPage);
        }
    }

    /// <summary>Notes that a page failed, and that all its records could be read in pages of this size. The first time may be chance;
    /// from the second time on, no larger pages are requested.</summary>
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
