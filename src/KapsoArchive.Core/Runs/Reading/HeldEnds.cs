using System.Collections.Concurrent;
using System.Threading.Channels;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Passes on what the readers of an export from both sources read, but keeps the ends of conversations: what only the archive has
/// comes first.</summary>
internal sealed class HeldEnds(ChannelWriter<ReadItem> next) : ChannelWriter<ReadItem>
{
    private readonly ConcurrentQueue<ConversationDone> _ends = new();

    /// <summary>The ends since the last call.</summary>
    public IReadOnlyList<ConversationDone> Take()
    {
        List<ConversationDone> ends = [];
        while (_ends.TryDequeue(out ConversationDone? end))
            ends.Add(end);
        return ends;
    }

    public override bool TryWrite(ReadItem item)
    {
        if (item is not ConversationDone end)
            return next.TryWrite(item);
        _ends.Enqueue(end);
        return true;
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) =>
        next.WaitToWriteAsync(cancellationToken);
}
