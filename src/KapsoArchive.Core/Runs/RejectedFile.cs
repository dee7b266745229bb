using System.Buffers;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>The records of a run that are no message; staged with the first of them, so that a run without any has no such file.</summary>
internal sealed class RejectedFile(RunFiles files, RunStamp run) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private StagingStream? _stream;

    public long Count { get; private set; }

    public async Task AddAsync(IEnumerable<RejectedRecord> records, CancellationToken cancellationToken)
    {
        foreach (RejectedRecord record in records)
        {
            _stream ??= await files.StageAsync(Layout.Rejected(run), cancellationToken);
            record.WriteLine(_line);
            await _stream.WriteAsync(_line.WrittenMemory, cancellationToken);
            _line.ResetWrittenCount();
            Count++;
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_stream is not null)
            await files.CompleteAsync(_stream, Datasets.Rejected, "jsonl", Count, null, null, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
    }
}
