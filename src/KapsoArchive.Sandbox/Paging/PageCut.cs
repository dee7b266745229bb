namespace KapsoArchive.Sandbox.Paging;

/// <summary>The positions of a listing that a page shows, and the page's <c>meta</c>. A position past the listing's end is an invented
/// record.</summary>
internal sealed record PageCut(long[] Positions, SandboxMeta? Meta)
{
    /// <summary>Plans a page of an ordinary list.</summary>
    public static PageCut Of(long page, int perPage, long count) => Of(page, perPage, count, SandboxOddities.None, 0);

    /// <param name="page">The requested page, from 1.</param>
    /// <param name="perPage">The requested size.</param>
    /// <param name="count">How many records the listing has.</param>
    /// <param name="odd">The listing's oddities.</param>
    /// <param name="request">The number of the request, the seed of all differences between requests.</param>
    /// <exception cref="SandboxPageLimitException">The page is past the limit.</exception>
    /// <exception cref="SandboxRefusalException">The page is answered with an error.</exception>
    public static PageCut Of(long page, int perPage, long count, SandboxOddities odd, long request)
    {
        if (perPage > odd.TimesOutAbove) throw new SandboxRefusalException(504);
        int given = odd.FixedPerPage ?? Math.Min(perPage, odd.MaxPerPage ?? perPage);
        if (odd.MaxOffset is { } most && page > most / given) throw new SandboxPageLimitException(most / given, most);

        long length = odd.IsEmpty ? 0 : odd.DuplicateEvery is { } every ? count + count / every : count;
        bool endless = odd.Endless != SandboxEndless.No && count > 0;
        int step = odd.OffsetByRequested ? perPage : given;
        var (first, end) = Range(Math.Min(page, odd.StuckFromPage ?? page), step, given, endless ? long.MaxValue : length);
        if (first == end && page > 1 && odd.PastEnd != SandboxPastEnd.Empty) (first, end) = PastEnd(odd.PastEnd, step, given, length);
        if (end < length || endless) end -= Missing(odd, request, end - first);

        long[] positions = [.. Shown(odd, first, end, length)];
        return new PageCut(positions,
            endless ? MetaOfEndless(odd, page, given) : MetaOf(odd, page, perPage, given, positions.Length, length));
    }

    private static IEnumerable<long> Shown(SandboxOddities odd, long first, long end, long length)
    {
        for (long i = first; i < end; i++)
        {
            if (odd.HiddenEvery is null || (i + 1) % odd.HiddenEvery != 0) yield return Source(odd, i, length);
        }
    }

    private static (long First, long End) PastEnd(SandboxPastEnd answer, int step, int given, long length) => answer switch
    {
        SandboxPastEnd.BadRequest => throw new SandboxRefusalException(400),
        SandboxPastEnd.NotFound => throw new SandboxRefusalException(404),
        SandboxPastEnd.Unprocessable => throw new SandboxRefusalException(422),
        _ => Range(Math.Max(1, Pages(length, step)), step, given, length),
    };

    /// <param name="page">From 1.</param>
    /// <param name="step">The distance between the starts of two pages.</param>
    /// <param name="given">Records of a full page.</param>
    /// <param name="length">Records of the listing.</param>
    private static (long First, long End) Range(long page, int step, int given, long length)
    {
        if (page - 1 >= length / step && page > Pages(length, step)) return (length, length);
        long first = (page - 1) * step;
        return (first, first + Math.Min(given, length - first));
    }

    private static long Pages(long length, int perPage) => length / perPage + (length % perPage > 0 ? 1 : 0);

    private static long Missing(SandboxOddities odd, long request, long records)
    {
        ulong bits = Scramble.Bits(0x5407, (ulong)request);
        return records > 1 && Scramble.Fraction(bits) < odd.ShortPages ? 1 + Scramble.Below(Scramble.Bits(bits), records / 2) : 0;
    }

    private static long Source(SandboxOddities odd, long position, long length)
    {
        if (position >= length)
        {
            if (odd.Endless == SandboxEndless.NewRecords) return position;
            position %= length;
        }
        if (odd.DuplicateEvery is not { } every) return position;
        var (group, place) = Math.DivRem(position, every + 1L);
        return place < every ? group * every + place : Math.Max(0, group * every + every - odd.DuplicateDistance);
    }

    private static SandboxMeta? MetaOfEndless(SandboxOddities odd, long page, int perPage)
    {
        long pages = Math.Min(page, long.MaxValue / perPage - 1) + 1;
        return MetaOf(odd, page, perPage, perPage, perPage, pages * perPage);
    }

    private static SandboxMeta? MetaOf(SandboxOddities odd, long page, int requested, int given, int rows, long length)
    {
        long claimed = Math.Max(0, length + odd.TotalCountOffset);
        var meta = new SandboxMeta(page, odd.EchoesPerPage ? requested : given, Pages(claimed, given), claimed) { Form = odd.Meta };
        return odd.Meta switch
        {
            SandboxMetaForm.Missing => null,
            SandboxMetaForm.WithoutTotalPages => meta with { TotalPages = null },
            SandboxMetaForm.Null => meta with { TotalPages = null, TotalCount = null },
            SandboxMetaForm.Zero => meta with { TotalPages = 0, TotalCount = 0 },
            SandboxMetaForm.OfPage => meta with { TotalPages = 1, TotalCount = rows },
            _ => meta,
        };
    }
}
