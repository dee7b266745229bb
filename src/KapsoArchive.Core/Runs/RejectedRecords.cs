using System.Threading.Channels;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs;

/// <summary>
/// The records of one conversation that are no message. They wait until it is finished, because those that are archived already are not written again; a conversation with very many does
/// not wait.
/// </summary>
internal sealed class RejectedRecords(ChannelWriter<ReadItem> output)
{
    private const int MostThatWait = 1_000;

    private readonly List<RejectedRecord> _waiting = [];
    private bool _overflowed;

    public int Count { get; private set; }

    public ulong Digest { get; private set; }

    public IReadOnlyList<RejectedRecord> Waiting => _waiting;

    public async ValueTask AddAsync(IEnumerable<RejectedRecord> records, CancellationToken cancellationToken)
    {
        foreach (RejectedRecord record in records)
        {
            Count++;
            Digest = RejectedDigest.Add(Digest, record.Record);
            _waiting.Add(record);
        }

        if (_waiting.Count < MostThatWait)
            return;
        _overflowed = true;
        await output.WriteAsync(new RejectedBatch([.. _waiting]), cancellationToken);
        _waiting.Clear();
    }

    /// <summary>What is to be written: nothing, where the archive has the very same.</summary>
    public IReadOnlyList<RejectedRecord> New(IndexedConversation? indexed) =>
        !_overflowed && indexed is not null && (indexed.Rejected, indexed.RejectedDigest) == (Count, Digest) ? [] : _waiting;
}
