using System.IO.Compression;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes messages as gzip JSON lines: each record's own bytes, with a member <c>_archive</c> appended. Only raw line breaks
/// between tokens are replaced, with spaces, so that a record stays on one line.</summary>
internal sealed class JsonlPartWriter(Stream output) : PartWriter
{
    private readonly GZipStream _gzip = new(output, CompressionLevel.Optimal, leaveOpen: true);
    private readonly ArrayBufferWriter<byte> _lines = new(1 << 16);
    private bool _completed;

    public override async Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken)
    {
        foreach (MessageRow row in rows)
        {
            JsonLine.Write(row, _lines);
            if (_lines.WrittenCount < 1 << 16)
                continue;
            await _gzip.WriteAsync(_lines.WrittenMemory, cancellationToken);
            _lines.ResetWrittenCount();
        }

        await _gzip.WriteAsync(_lines.WrittenMemory, cancellationToken);
        _lines.ResetWrittenCount();
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _completed = true;
        await _gzip.DisposeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_completed)
            return;
        try
        {
            await _gzip.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Abandoned: the end of the gzip stream cannot be written, and the original exception is already under way.
        }
    }
}
