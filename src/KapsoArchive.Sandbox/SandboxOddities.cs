namespace KapsoArchive.Sandbox;

/// <summary>The oddities of a listing. They change what pages show, never the listing's true content. All are off by default and can be
/// combined.</summary>
public sealed record SandboxOddities
{
    /// <summary>An ordinary listing.</summary>
    public static SandboxOddities None { get; } = new();

    /// <summary>Added to <c>total_count</c>, which also changes <c>total_pages</c>; the sum is at least 0. Pages past the claimed end are
    /// still served.</summary>
    public int TotalCountOffset { get; init; }

    /// <summary>The form of <c>meta</c>.</summary>
    public SandboxMetaForm Meta { get; init; }

    /// <summary>The server ignores <c>per_page</c> and always uses this size, which <c>meta</c> reports: 1 to 100.</summary>
    public int? FixedPerPage { get; init; }

    /// <summary>The most records per page, whatever size is requested: 1 to 100.</summary>
    public int? MaxPerPage { get; init; }

    /// <summary>Whether pages start at multiples of the requested size even if the server returns fewer records per page.</summary>
    public bool OffsetByRequested { get; init; }

    /// <summary>Whether <c>meta</c> reports the requested size although pages have fewer records.</summary>
    public bool EchoesPerPage { get; init; }

    /// <summary>The answer to a page past the end.</summary>
    public SandboxPastEnd PastEnd { get; init; }

    /// <summary>Whether the listing is shown as empty, with a count of 0.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>The interval, in records, at which one record is omitted from its page. Pages have gaps; the count is unchanged.</summary>
    public int? HiddenEvery { get; init; }

    /// <summary>Pages of more records than this are answered with 504.</summary>
    public int? TimesOutAbove { get; init; }

    /// <summary>Ids of messages that the server cannot serve: each page with one of them is answered with 500. Only for listings that can
    /// move.</summary>
    public IReadOnlyCollection<string> Unreadable { get; init; } = [];

    /// <summary>Pages with page × per_page above this are refused with 400; the vendor's newer API uses 5,000.</summary>
    public long? MaxOffset { get; init; }

    /// <summary>From this page on, every page has the records of this page.</summary>
    public long? StuckFromPage { get; init; }

    /// <summary>Whether the pages end. In an endless listing, <c>total_pages</c> is always one more than the requested page.</summary>
    public SandboxEndless Endless { get; init; }

    /// <summary>The share of requests whose page lacks up to half of its records, from the end, although more follow. A repeated request
    /// may return them.</summary>
    public double ShortPages { get; init; }

    /// <summary>The interval, in records, at which one record is repeated, as by a join that multiplies rows. The duplicate has a position
    /// and
    /// is counted.</summary>
    public int? DuplicateEvery { get; init; }

    /// <summary>The distance in positions from a duplicate back to its original: 1 repeats within a page, 150 across pages.</summary>
    public int DuplicateDistance { get; init; } = 1;

    /// <summary>Whether messages of equal created_at change their order between requests.</summary>
    public bool ShuffleTies { get; init; }

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (FixedPerPage is < 1 or > 100) return $"FixedPerPage must be from 1 to 100; it is {FixedPerPage}.";
        if (MaxPerPage is < 1 or > 100) return $"MaxPerPage must be from 1 to 100; it is {MaxPerPage}.";
        if (HiddenEvery < 2) return $"HiddenEvery must be 2 or more; it is {HiddenEvery}.";
        if (TimesOutAbove < 1) return $"TimesOutAbove must be 1 or more; it is {TimesOutAbove}.";
        if (!Enum.IsDefined(PastEnd))
            return $"PastEnd must be one of {string.Join(", ", Enum.GetNames<SandboxPastEnd>())}; it is {PastEnd}.";
        if (MaxOffset < 0) return $"MaxOffset must be 0 or more; it is {MaxOffset}.";
        if (StuckFromPage < 1) return $"StuckFromPage must be 1 or more; it is {StuckFromPage}.";
        if (ShortPages is not (>= 0 and <= 1)) return $"ShortPages must be from 0 to 1; it is {ShortPages}.";
        if (DuplicateEvery < 1) return $"DuplicateEvery must be 1 or more; it is {DuplicateEvery}.";
        return DuplicateDistance < 1 ? $"DuplicateDistance must be 1 or more; it is {DuplicateDistance}." : null;
    }
}
