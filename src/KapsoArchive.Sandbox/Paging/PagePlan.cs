using KapsoArchive.Sandbox.Data;

namespace KapsoArchive.Sandbox.Paging;

/// <summary>Which positions of a listing a page shows, and what it says of the whole. A position past the listing's end stands for an invented record.</summary>
internal sealed record PagePlan(long[] Positions, SandboxMeta? Meta)
{
    /// <summary>The page of an ordinary list.</summary>
    public static PagePlan Of(long page, int perPage, long count) => Of(page, perPage, count, SandboxOddities.None, 0);

    /// <param name="page">The page asked for, from 1.</param>
    /// <param name="perPage">The size asked for.</param>
    /// <param name="count">How many records the listing has.</param>
    /// <param name="odd">In what ways the listing is odd.</param>
    /// <param name="request">The number of the request: what differs between requests is drawn from it.</param>
    /// <exception cref="SandboxPageLimitException">The page is past the limit.</exception>
    public static PagePlan Of(long page, int perPage, long count, SandboxOddities odd, long request)
    {
        perPage = odd.FixedPerPage ?? perPage;
        if (odd.MaxOffset is { } most && page > most / perPage) throw new SandboxPageLimitException(most / perPage, most);

        long length = odd.DuplicateEvery is { } every ? count + count / every : count;
        bool endless = odd.Endless != SandboxEndless.No && count > 0;
        var (first, end) = Range(Math.Min(page, odd.StuckFromPage ?? page), perPage, endless ? long.MaxValue : length);
        if (end < length || endless) end -= Missing(odd, request, end - first);

        long[] positions = new long[end - first];
        for (int i = 0; i < positions.Length; i++) positions[i] = Source(odd, first + i, length);
        return new PagePlan(positions, endless ? MetaOfEndless(odd, page, perPage) : MetaOf(odd, page, perPage, length));
    }

    private static (long First, long End) Range(long page, int perPage, long length)
    {
        if (page - 1 >= length / perPage && page > Pages(length, perPage)) return (length, length);
        long first = (page - 1) * perPage;
        return (first, first + Math.Min(perPage, length - first));
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
        return MetaOf(odd, page, perPage, pages * perPage);
    }

    private static SandboxMeta? MetaOf(SandboxOddities odd, long page, int perPage, long length)
    {
        long claimed = Math.Max(0, length + odd.TotalCountOffset);
        return odd.Meta switch
        {
            SandboxMetaForm.Missing => null,
            SandboxMetaForm.WithoutTotalPages => new SandboxMeta(page, perPage, null, claimed),
            _ => new SandboxMeta(page, perPage, Pages(claimed, perPage), claimed),
        };
    }
}
