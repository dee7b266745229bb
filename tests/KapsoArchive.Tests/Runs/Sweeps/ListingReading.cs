using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Sweeps;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs.Sweeps;

/// <summary>Reads a moving listing as a run does, without a server between, and keeps what came out.</summary>
internal sealed class ListingReading
{
    private static readonly RecordFlattener Flattener = new(Utf8Text.From("conversation"), Rows.Run);

    private readonly MovingListing _listing;
    private readonly ListingReader _reader;

    public ListingReading(MovingListing listing, int window = 1, int maxSweeps = 4)
    {
        _listing = listing;
        _reader = new ListingReader(GetAsync, EmitAsync, () => window, maxSweeps);
    }

    /// <summary>The ids of the rows, in the order in which they came.</summary>
    public List<string> Ids { get; } = [];

    public int Rejected { get; private set; }

    public bool IsComplete { get; private set; }

    public string? Remark { get; private set; }

    public int Pages => _reader.Pages;

    public int Sweeps => _reader.Sweeps;

    /// <summary>What a plain reading of a listing that stands still needs.</summary>
    public static int QuietPages(int count)
    {
        PagePlan plan = PagePlan.First;
        int pages = 1;
        for (; !EndsAt(plan, count); pages++)
            plan = PagePlan.Next(plan.End, count, overlap: 1);
        return pages;
    }

    private static bool EndsAt(PagePlan plan, int count) => plan.End > count || (plan.End == count && count is (<= 198 or > SweepPage.LargeListing));

    public async Task<ListingReading> ReadAsync()
    {
        (IsComplete, Remark) = await _reader.ReadAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Never complete and wrong: all that was listed throughout is in, each row was listed at some moment, and nothing came twice.</summary>
    public string? Fault()
    {
        long requests = _listing.RequestsMade;
        HashSet<string> ids = [.. Ids];
        if (ids.Count != Ids.Count)
            return "a message came twice";
        if (ids.Except(_listing.Truth.ListedAtSomeMoment(1, requests)).FirstOrDefault() is { } invented)
            return $"{invented} was never listed";
        return IsComplete && _listing.Truth.ListedThroughout(1, requests).Except(ids).FirstOrDefault() is { } missing ? $"complete, but {missing} is missing" : null;
    }

    private Task<ListingPage> GetAsync(int page, int perPage, CancellationToken cancellationToken)
    {
        SandboxPage answer = _listing.Read(page, perPage);
        PageMeta meta = answer.Meta is { } m ? new PageMeta(m.Page, m.PerPage, m.TotalPages, m.TotalCount) : default;
        return Task.FromResult(ListingPage.Of(new Page([.. answer.Records.Select(r => r.ToArray())], meta), Flattener, "conversation"));
    }

    private ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken cancellationToken)
    {
        Ids.AddRange(items.Where(i => i.Row is not null).Select(i => i.Row!.Id.ToString()!));
        Rejected += items.Count(i => i.Rejected is not null);
        return ValueTask.CompletedTask;
    }
}
