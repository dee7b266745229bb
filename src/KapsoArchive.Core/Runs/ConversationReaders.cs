using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads conversations for one slice: several readers at once, one writer, and a few pages between them.</summary>
/// <param name="archived">Adds what only the archive has; null unless an export takes both.</param>
/// <param name="waiting">The keys of the files that the archive waits for.</param>
/// <param name="runClock">Checked when the first page has arrived; null if the run knows the present.</param>
internal sealed class ConversationReaders(
    KapsoClient client, ArchiveIndex index, ListingNotes notes, RunState state, ArchiveOptions options, KapsoOptions kapso,
    RunTracker tracker, ArchivedSource? archived, RunClock? runClock, IReadOnlySet<UInt128> waiting)
{
    /// <summary>Consecutive failed conversations before the run stops: one for each request in flight by default, and each has been
    /// retried for half a minute by then.</summary>
    private const int OutageThreshold = 8;

    private readonly OutageDetector _outage = new(
        OutageThreshold, new KeyDoubt(state.Plan!.Packed.Count, isDispelled: state.Sums.Done > 0));
    private readonly SourceShape _shape = new(state.Last is { } last ? last.WorkingSize : notes.WorkingSize);
    private Exception? _failure;

    /// <summary>Returns when nothing is left to read, or when the slice has ended. In both cases, everything read is written and
    /// durable.</summary>
    /// <exception cref="KeyRefusedException">The source refused the key.</exception>
    /// <exception cref="SourceUnavailableException">The source failed for one conversation after the other. What was read before is
    /// durable.</exception>
    public async Task ReadAsync(
        IEnumerable<PlannedConversation> conversations, RunWriter writer, SliceClock clock, CancellationToken cancellationToken)
    {
        int concurrency = kapso.MaxConcurrency;
        writer.Shape = _shape;
        Channel<ReadItem> items = Channel.CreateBounded<ReadItem>(new BoundedChannelOptions(concurrency) { SingleReader = true });
        using var gate = new RequestGate(concurrency);
        var pages = new PageFetch(client, state, gate, clock, _shape, kapso.MaxRetries, runClock);
        HeldEnds? held = archived is null ? null : new HeldEnds(items.Writer);
        var reader = new ConversationReader(
            pages, index, notes, state, held ?? items.Writer, tracker, gate, _outage, _shape, options, kapso.MaxMessages,
            waiting);

        await Together.DoAsync(
            abort => ReadConversationsAsync(conversations, reader, held, writer, items.Writer, clock, abort),
            abort => writer.WriteAsync(items.Reader, abort), cancellationToken);
        if (_failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        if (!clock.IsEnding)
            _outage.ThrowIfNothingWasRead();
    }

    private async Task ReadConversationsAsync(
        IEnumerable<PlannedConversation> conversations, ConversationReader reader, HeldEnds? held, RunWriter writer,
        ChannelWriter<ReadItem> items, SliceClock clock, CancellationToken abort)
    {
        IEnumerable<IEnumerable<PlannedConversation>> all = held is null ? [conversations] : conversations.Chunk(ArchivedSource.AtOnce);
        foreach (IEnumerable<PlannedConversation> some in all)
        {
            await ReadConversationsAsync(some, reader, clock, abort);
            if (held is not null)
                await AddArchivedAsync(held, items, clock, abort);
            if (clock.IsEnding)
                break;
        }

        writer.KeepsFailures = _failure is null;
        items.Complete();
    }

    private async Task ReadConversationsAsync(
        IEnumerable<PlannedConversation> conversations, ConversationReader reader, SliceClock clock, CancellationToken abort)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = kapso.MaxConcurrency, CancellationToken = abort };
        await Parallel.ForEachAsync(conversations, parallel, async (conversation, token) =>
        {
            if (clock.IsEnding)
                return;
            try
            {
                await reader.ReadAsync(conversation, clock, token);
            }
            catch (Exception e) when (e is KeyRefusedException or SourceUnavailableException)
            {
                // The others stop at their current page, and what they have read is kept.
                Interlocked.CompareExchange(ref _failure, e, null);
                clock.End();
            }
        });
    }

    /// <summary>Adds what only the archive has of the conversations that were read. Those that an outage made fail are left.</summary>
    private async Task AddArchivedAsync(HeldEnds held, ChannelWriter<ReadItem> items, SliceClock clock, CancellationToken abort)
    {
        try
        {
            if (!clock.IsEnding)
                _outage.ThrowIfNothingWasRead();
        }
        catch (SourceUnavailableException e)
        {
            _failure = e;
            clock.End();
        }

        ConversationDone[] ends = [.. held.Take().Where(e =>
            _failure is null || e.Visit is not { Row.Outcome: ConversationOutcome.Failed, IsUnknownToSource: false })];
        await archived!.AddAsync(state, ends, items, clock, abort);
    }
}
