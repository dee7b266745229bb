using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>The rejected records of one conversation. They wait until it is finished, because those that are already archived are not
/// written again. A conversation with very many of them does not wait.</summary>
internal sealed class RejectedRecords(ChannelWriter<ReadItem> output)
{
    private const int MostThatWait = 1_000;

    private const int MostBytesThatWait = 4 * 1024 * 1024;

    private readonly List<RejectedRecord> _waiting = [];
    private ulong _waitingDigest;
    private long _waitingBytes;

    public int Count => Written + _waiting.Count;

    public ulong Digest => unchecked(WrittenDigest + _waitingDigest);

    /// <summary>Number of records that did not wait.</summary>
    public int Written { get; private set; }

    public ulong WrittenDigest { get; private set; }

    public IReadOnlyList<RejectedRecord> Waiting => _waiting;

    public async ValueTask AddAsync(IEnumerable<RejectedRecord> records, CancellationToken cancellationToken)
    {
        foreach (RejectedRecord record in records)
        {
            _waitingDigest = RejectedDigest.Add(_waitingDigest, record.Record);
            _waiting.Add(record);
            _waitingBytes += record.Record.Length;
        }

        if (_waiting.Count < MostThatWait && _waitingBytes < MostBytesThatWait)
            return;
        await output.WriteAsync(new RejectedBatch([.. _waiting]), cancellationToken);
        Written += _waiting.Count;
        WrittenDigest = Digest;
        _waiting.Clear();
        (_waitingDigest, _waitingBytes) = (0, 0);
    }

    /// <summary>Continues with the records of an earlier slice.</summary>
    public void Restore(PausedConversation paused)
    {
        (Written, WrittenDigest) = (paused.RejectedWritten, paused.RejectedWrittenDigest);
        foreach (RejectedRecord record in paused.Rejected)
        {
            _waitingDigest = RejectedDigest.Add(_waitingDigest, record.Record);
            _waiting.Add(record);
            _waitingBytes += record.Record.Length;
        }
    }

    /// <summary>The records to write; empty if the archive has exactly these.</summary>
    public IReadOnlyList<RejectedRecord> New(IndexedConversation? indexed) =>
        Written == 0 && indexed is not null && (indexed.Rejected, indexed.RejectedDigest) == (Count, Digest) ? [] : _waiting;
}
