namespace KapsoArchive.Sandbox;

/// <summary>Ways in which a listing may be odd. They change what pages show, never what the listing truly has. All are off by default, and
/// any may be combined.</summary>
public sealed record SandboxOddities
{
    /// <summary>An ordinary listing.</summary>
    public static SandboxOddities None { get; } = new();

    /// <summary>Added to <c>total_count</c>, from which <c>total_pages</c> follows; below zero it is cut. Pages past the claimed end are
    /// served all the same.</summary>
    public int TotalCountOffset { get; init; }

    /// <summary>How much of <c>meta</c> is sent.</summary>
    public SandboxMetaForm Meta { get; init; }

    /// <summary>The server ignores <c>per_page</c> and always uses this, which <c>meta</c> tells: 1 to 100.</summary>
    public int? FixedPerPage { get; init; }

    /// <summary>The server gives no more records a page than this, whatever is requested: 1 to 100.</summary>
    public int? MaxPerPage { get; init; }

    /// <summary>Whether a server that gives fewer records than were requested begins a page where the requested size would put
    /// it.</summary>
    public bool OffsetByRequested { get; init; }

    /// <summary>Whether <c>meta</c> repeats the requested size although fewer records are given.</summary>
    public bool EchoesPerPage { get; init; }

    /// <summary>What a page past the end is answered with.</summary>
    public SandboxPastEnd PastEnd { get; init; }

    /// <summary>Whether the listing shows nothing for now, and counts nothing.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Every so many records one is left out of its page after the page was made: pages have holes, and the count knows nothing
    /// of it.</summary>
    public int? HiddenEvery { get; init; }

    /// <summary>Pages of more records than this are answered with 504.</summary>
    public int? TimesOutAbove { get; init; }

    /// <summary>The ids of messages that the server cannot serve: each page that has one of them is answered with 500. Only of listings
    /// that may move.</summary>
    public IReadOnlyCollection<string> Unreadable { get; init; } = [];

    /// <summary>Pages with page × per_page over this are refused with 400; the vendor's newer API has 5,000.</summary>
    public long? MaxOffset { get; init; }

    /// <summary>From this page on, every page holds the records of this one.</summary>
    public long? StuckFromPage { get; init; }

    /// <summary>Whether the pages ever end. In an endless listing <c>total_pages</c> is always one more than the page asked for.</summary>
    public SandboxEndless Endless { get; init; }

    /// <summary>The share of requests whose page lacks up to half of its last records, although more follow. Another request for it may
    /// have them.</summary>
    public double ShortPages { get; init; }

    /// <summary>After every so many records one of them comes once more, as from a join that multiplies rows. It has a position, and it
    /// counts.</summary>
    public int? DuplicateEvery { get; init; }

    /// <summary>How many positions before itself a duplicate's original lies: 1 repeats within a page, 150 across pages.</summary>
    public int DuplicateDistance { get; init; } = 1;

    /// <summary>Messages of equal created_at change places from request to request.</summary>
    public bool ShuffleTies { get; init; }

    /// <summary>The first option that is out of its bounds, in a sentence; null where all are fine.</summary>
    internal string? FindProblem()
    {
        if (FixedPerPage is < 1 or > 100) return $"FixedPerPage must be from 1 to 100; it is {FixedPerPage}.";
        if (MaxPerPage is < 1 or > 100) return $"MaxPerPage must be from 1 to 100; it is {MaxPerPage}.";
        if (HiddenEvery < 2) return $"HiddenEvery must be 2 or more; it is {HiddenEvery}.";
        if (TimesOutAbove < 1) return $"TimesOutAbove must be 1 or more; it is {TimesOutAbove}.";
        if (!Enum.IsDefined(PastEnd)) return $"PastEnd must be one of {string.Join(", ", Enum.GetNames<SandboxPastEnd>())}; it is {PastEnd}.";
        if (MaxOffset < 0) return $"MaxOffset must be 0 or more; it is {MaxOffset}.";
        if (StuckFromPage < 1) return $"StuckFromPage must be 1 or more; it is {StuckFromPage}.";
        if (ShortPages is not (>= 0 and <= 1)) return $"ShortPages must be from 0 to 1; it is {ShortPages}.";
        if (DuplicateEvery < 1) return $"DuplicateEvery must be 1 or more; it is {DuplicateEvery}.";
        return DuplicateDistance < 1 ? $"DuplicateDistance must be 1 or more; it is {DuplicateDistance}." : null;
    }
}
