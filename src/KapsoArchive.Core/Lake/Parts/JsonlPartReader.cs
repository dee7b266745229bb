using System.IO.Compression;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads messages from gzip JSON lines. A batch has some thousand lines or a few megabytes.</summary>
internal static class JsonlPartReader
{
    private const int BatchRows = 5_000;
    private const long BatchBytes = 8 << 20;

    public static async IAsyncEnumerable<IReadOnlyList<MessageRow>> ReadAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watched = new ContentStream(content);
        await using var gzip = new GZipStream(watched, CompressionMode.Decompress, leaveOpen: true);
        var lines = new LineReader(gzip);
        var parser = new JsonLineReader();
        List<MessageRow> batch = [];
        long bytes = 0;
        while (await ReadRowAsync(watched, lines, parser, cancellationToken) is { } row)
        {
            batch.Add(row);
            bytes += row.Length;
            if (batch.Count < BatchRows && bytes < BatchBytes)
                continue;
            yield return batch;
            batch = [];
            bytes = 0;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private static async ValueTask<MessageRow?> ReadRowAsync(
        ContentStream content, LineReader lines, JsonLineReader parser, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken) is { } line ? parser.Read(line.Span) : null;
        }
        catch (Exception e) when (content.IsDamage(e) && e is IOException or JsonException)
        {
            throw new InvalidDataException($"The lines cannot be read: {e.Message}", e);
        }
    }
}
