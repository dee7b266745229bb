using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Runs.Writing;

/// <summary>The open part with one number: one file per format, all with the same rows, opened and closed together.</summary>
internal sealed class MessagePart : IAsyncDisposable
{
    private readonly List<(PartFormat Format, StagingStream Stream, PartWriter Writer)> _outputs = [];
    private long _rows;
    private long? _minCreatedAt;
    private long? _maxCreatedAt;

    /// <summary>Current size of its largest file, in bytes.</summary>
    public long Length => _outputs.Max(o => o.Stream.Length);

    public static async Task<MessagePart> OpenAsync(
        RunFiles files, RunStamp run, IReadOnlyList<PartFormat> formats, int number, CancellationToken cancellationToken)
    {
        var part = new MessagePart();
        try
        {
            foreach (PartFormat format in formats)
            {
                StagingStream stream = await files.StageAsync(files.Layout.Messages(format, number), cancellationToken);
                try
                {
                    part._outputs.Add((format, stream, await PartWriter.CreateAsync(format, stream, run, cancellationToken)));
                }
                catch (Exception)
                {
                    await stream.DisposeAsync();
                    throw;
                }
            }

            return part;
        }
        catch (Exception)
        {
            await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes one row group of sorted rows.</summary>
    public async Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken)
    {
        foreach ((_, _, PartWriter writer) in _outputs)
            await writer.WriteAsync(rows, cancellationToken);

        _rows += rows.Count;
        foreach (MessageRow row in rows)
        {
            if (row.CreatedAt is not { } createdAt)
                continue;
            _minCreatedAt = Math.Min(_minCreatedAt ?? createdAt, createdAt);
            _maxCreatedAt = Math.Max(_maxCreatedAt ?? createdAt, createdAt);
        }
    }

    public async Task CompleteAsync(RunFiles files, CancellationToken cancellationToken)
    {
        foreach ((PartFormat format, StagingStream stream, PartWriter writer) in _outputs)
        {
            await writer.CompleteAsync(cancellationToken);
            (string dataset, string name) = Layout.Names(format);
            await files.CompleteAsync(stream, dataset, name, _rows, _minCreatedAt, _maxCreatedAt, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, StagingStream stream, PartWriter writer) in _outputs)
        {
            await writer.DisposeAsync();
            await stream.DisposeAsync();
        }
    }
}
