using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>Reads a moving listing as a run does, without a server between, and keeps what came out. It may be paused, and then goes on
/// from what was saved.</summary>
internal sealed class ListingReading
{
    private static readonly RecordFlattener Flattener = new(Utf8Text.From("conversation"), Rows.Run);

    private readonly MovingListing _listing;
    private readonly Func<ListingReader> _anew;
    private readonly Func<byte[], ListingReader> _restored;
    private ListingReader _reader;
    private readonly bool _knowsNothing;
    private bool _isPaused;
    private int _fetches;

    public ListingReading(MovingListing listing, int window = 1, int maxSweeps = 4, ReadingGoal? goal = null, SourceShape? shape = null)
    {
        _listing = listing;
        goal ??= ReadingGoal.Everything;
        var setting = new SweepSetting(GetAsync, () => window, shape ?? new SourceShape(), goal);
        _knowsNothing = goal.Known.Count == 0;
        From = listing.RequestsMade + 1;
        _anew = () => new ListingReader(setting, EmitAsync, maxSweeps);
        _restored = state => ListingReader.Restore(state, setting, EmitAsync, maxSweeps);
        _reader = _anew();
    }

    /// <summary>Whether to pause at a fetch, counted from 1.</summary>
    public Func<int, bool> PausesAt { get; init; } = _ => false;

    /// <summary>Whether to pause at an emit.</summary>
    public Func<bool> CancelsEmit { get; init; } = () => false;

    /// <summary>The ids of the rows, in the order in which they came.</summary>
    public List<string> Ids { get; } = [];

    public List<ListingItem> Items { get; } = [];

    public int Rejected { get; private set; }

    /// <summary>The number of its first request.</summary>
    public long From { get; }

    /// <summary>The number of its last request.</summary>
    public long To { get; private set; }

    public ListingVerdict Verdict { get; private set; } = new() { IsComplete = false };

    public bool IsComplete => Verdict.IsComplete;

    /// <summary>Requests that failed.</summary>
    public int Failures { get; private set; }

    public bool Saw(UInt128 id) => _reader.Saw(id);

    /// <summary>The source's count on the last page read.</summary>
    public long? Total => _reader.Total;

    public UnreadableRecords Unreadable => _reader.Unreadable;

    public string? Remark => Verdict.Remark;

    public int Pages => _reader.Pages;

    public int Sweeps => _reader.Sweeps;

    public int Pauses { get; private set; }

    /// <summary>The last state that was saved.</summary>
    public byte[]? State { get; private set; }

    /// <summary>What a plain reading of a listing that stands still needs.</summary>
    public static int QuietPages(int count)
    {
        PagePlan plan = PagePlan.First();
        int pages = count == 0 ? 2 : 1;
        for (; plan.End <= count; pages++)
            plan = PagePlan.Next(plan.End, count, overlap: 1)!.Value;
        return pages;
    }

    /// <summary>The fingerprint of a record.</summary>
    public static ulong FingerprintOf(ReadOnlyMemory<byte> record) => Fingerprint.Of(Flattener.Flatten(record.ToArray(), out _)!);

    /// <summary>The time of a record.</summary>
    public static long? CreatedAt(ReadOnlyMemory<byte> record) => Flattener.Flatten(record.ToArray(), out _)!.CreatedAt;

    public async Task<ListingReading> ReadAsync()
    {
        while (true)
        {
            try
            {
                Verdict = await _reader.ReadAsync(TestContext.Current.CancellationToken);
                To = _listing.RequestsMade;
                return this;
            }
            catch (OperationCanceledException) when (_isPaused)
            {
                Pauses++;
                State = _reader.Save();
                _isPaused = false;
                _reader = State is null ? _anew() : _restored(State);
            }
        }
    }

    /// <summary>Never complete and wrong: all that was listed throughout is in, each row was listed at some moment, and nothing came
    /// twice.</summary>
    public string? Fault()
    {
        long requests = _listing.RequestsMade;
        HashSet<string> ids = [.. Ids];
        if (ids.Count != Ids.Count)
            return "a message came twice";
        if (ids.Except(_listing.Truth.ListedAtSomeMoment(From, requests)).FirstOrDefault() is { } invented)
            return $"{invented} was never listed";
        return IsComplete && (Verdict.IsFull || _knowsNothing ? _listing.Truth.ListedThroughout(From, requests).Except(ids).FirstOrDefault() : null) is { } missing ? $"complete, but {missing} is missing" : null;
    }

    private Task<ListingPage> GetAsync(PagePlan plan, int? retries, CancellationToken cancellationToken)
    {
        if (_isPaused || PausesAt(++_fetches))
        {
            _isPaused = true;
            return Task.FromException<ListingPage>(new OperationCanceledException());
        }

        SandboxPage answer;
        try
        {
            answer = _listing.Read(plan.Page, plan.PerPage);
        }
        catch (SandboxRefusalException refusal)
        {
            Failures += refusal.Status >= 500 ? 1 + (retries ?? 5) : 0;
            return Task.FromException<ListingPage>(refusal.Status >= 500 ? new UnreadablePageException($"Kapso answered {refusal.Status}.", 1 + (retries ?? 5)) : new PageRefusedException($"Kapso answered {refusal.Status}."));
        }

        PageMeta meta = answer.Meta is { } m ? new PageMeta(m.Page, m.PerPage, m.TotalPages, m.TotalCount) : default;
        return Task.FromResult(ListingPage.Of(new Page([.. answer.Records.Select(r => r.ToArray())], meta), Flattener, "conversation", Fingerprint.CurrentVersion));
    }

    private ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken cancellationToken)
    {
        if (CancelsEmit())
        {
            _isPaused = true;
            throw new OperationCanceledException();
        }

        Items.AddRange(items);
        Ids.AddRange(items.Where(i => i.Row is not null).Select(i => i.Row!.Id.ToString()!));
        Rejected += items.Count(i => i.Rejected is not null);
        return ValueTask.CompletedTask;
    }
}
