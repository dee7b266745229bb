using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>Parts as the program of schema version 2 wrote them: without the column <c>position</c>, and in the order of that
/// time.</summary>
internal static partial class OlderParts
{
    public const int SchemaVersion = 2;

    private static readonly Dataset<MessageRow> Messages = Datasets.Messages with
    {
        Columns = [.. Datasets.Messages.Columns.Where(c => c.Since <= SchemaVersion)],
        SortedBy = [0, 2, 1],
    };

    public static Task<byte[]> WriteAsync(PartFormat format, IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken) =>
        format == PartFormat.Parquet ? ParquetAsync(groups, cancellationToken) : JsonlAsync(groups, cancellationToken);

    private static async Task<byte[]> ParquetAsync(IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string> { ["kapsoarchive.run_id"] = Rows.Run.RunId, ["kapsoarchive.schema_version"] = $"{SchemaVersion}" };
        using var content = new MemoryStream();
        ParquetFileWriter<MessageRow> file = await ParquetFileWriter<MessageRow>.CreateAsync(Messages, content, metadata, cancellationToken);
        foreach (IReadOnlyList<MessageRow> group in groups)
            await file.WriteRowGroupAsync(group, cancellationToken);
        await file.CompleteAsync();
        return content.ToArray();
    }

    private static async Task<byte[]> JsonlAsync(IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken)
    {
        await using var lines = new GZipStream(new MemoryStream(await Rows.PartAsync(PartFormat.Jsonl, groups, cancellationToken)), CompressionMode.Decompress);
        using var text = new StreamReader(lines, Encoding.UTF8);
        string without = Position().Replace(await text.ReadToEndAsync(cancellationToken), "");
        var content = new MemoryStream();
        await using (var gzip = new GZipStream(content, CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(without), cancellationToken);
        return content.ToArray();
    }

    [GeneratedRegex(",\"position\":(null|-?[0-9]+)(?=[^\n]*}}$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
