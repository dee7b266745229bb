using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Runs.Writing;

/// <summary>Gathers rows into sorted row groups, and row groups into parts that are rolled by size.</summary>
/// <param name="first">Number of the first part: how many the run has already.</param>
/// <param name="save">Saves the index entries of the open part, before it is closed and whenever they have become large.</param>
/// <param name="closed">Called after each part is closed. All rows that were added before are in closed parts then.</param>
internal sealed class MessageParts(
    RunFiles files, RunStamp run, IReadOnlyList<PartFormat> formats, RunLimits limits, int first,
    Func<PartEntries, CancellationToken, Task> save, Func<CancellationToken, Task> closed) : IAsyncDisposable
{
    /// <summary>Minimum size in bytes of a row that does not share a row group if the group would exceed its limit: writing needs several
    /// times as much.</summary>
    private const int LargeRow = 1024 * 1024;

    private readonly RowBuffer _buffer = new(keepsRecords: formats.Contains(PartFormat.Jsonl));
    private PartEntries _entries = new();
    private long _rows;
    private MessagePart? _open;
    private int _next = first;

    public async Task AddAsync(IEnumerable<MessageRow> rows, CancellationToken cancellationToken)
    {
        foreach (MessageRow row in rows)
        {
            if (row.Length >= LargeRow && _buffer.Bytes + row.Length > limits.RowGroupBytes)
                await FlushAsync(cancellationToken);
            _buffer.Add(row);
            if (_buffer.Bytes >= limits.RowGroupBytes || _buffer.Count >= limits.RowGroupRows)
                await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the waiting rows and closes the open part.</summary>
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
        IReadOnlyList<MessageRow> rows = _buffer.Sorted();
        await _open.WriteAsync(rows, cancellationToken);
        foreach (MessageRow row in rows)
            _entries.Add(row);
        _buffer.Clear();
        _rows += rows.Count;
        if (_open.Length >= limits.PartBytes || _rows >= limits.PartRows)
            await ClosePartAsync(cancellationToken);
        else if (_entries.Count >= limits.EntriesRows || _entries.TextLength >= limits.EntriesTexts)
            await SaveEntriesAsync(cancellationToken);
    }

    private async Task ClosePartAsync(CancellationToken cancellationToken)
    {
        if (_open is null)
            return;
        await _open.CompleteAsync(files, cancellationToken);
        await _open.DisposeAsync();
        _open = null;
        _rows = 0;
        if (_entries.Count > 0)
            await SaveEntriesAsync(cancellationToken);
        await closed(cancellationToken);
    }

    private async Task SaveEntriesAsync(CancellationToken cancellationToken)
    {
        PartEntries entries = _entries;
        _entries = new PartEntries();
        await save(entries, cancellationToken);
    }
}
