using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>Gathers rows into sorted row groups, and row groups into parts that are rolled by size.</summary>
internal sealed class MessageParts(RunFiles files, RunStamp run, IReadOnlyList<PartFormat> formats, RunLimits limits) : IAsyncDisposable
{
    private readonly RowBuffer _buffer = new();
    private MessagePart? _open;
    private int _next;

    public async Task AddAsync(IEnumerable<MessageRow> rows, CancellationToken cancellationToken)
    {
        foreach (MessageRow row in rows)
        {
            _buffer.Add(row);
            if (_buffer.Bytes >= limits.RowGroupBytes || _buffer.Count >= limits.RowGroupRows)
                await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes what waits and closes the open part.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await ClosePartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Count == 0)
            return;
        _open ??= await MessagePart.OpenAsync(files, run, formats, _next++, cancellationToken);
        await _open.WriteAsync(_buffer.Sorted(), cancellationToken);
        _buffer.Clear();
        if (_open.Length >= limits.PartBytes)
            await ClosePartAsync(cancellationToken);
    }

    private async Task ClosePartAsync(CancellationToken cancellationToken)
    {
        if (_open is null)
            return;
        await _open.CompleteAsync(files, cancellationToken);
        await _open.DisposeAsync();
        _open = null;
    }
}
