using System.IO.Compression;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Compares a file with its manifest entry: length, SHA-256, rows and schema. Reads the bytes once, and the footer of Parquet in
/// addition. For the formats that people open the hash also covers the row count.</summary>
public static class PartCheck
{
    /// <summary>The other datasets: their bytes say all.</summary>
    private static readonly string[] Hashed =
    [
        Datasets.MessagesJsonl, Datasets.MessagesCsv, Datasets.MessagesHtml, Datasets.MessagesXlsx, Datasets.ConversationsJsonl,
        Datasets.ConversationsCsv, Datasets.Zip, Datasets.Rejected, Datasets.MediaFiles,
    ];

    /// <param name="content">The file, from its beginning; seekable. The caller disposes it.</param>
    /// <param name="file">Its entry in the manifest.</param>
    /// <returns>The problems, as predicates of sentences about the file ("is 12,345 bytes long, and the manifest says 12,400"); empty if it
    /// is sound. If the bytes differ from those written, the columns are not checked: only a matching hash makes the footer safe to
    /// read.</returns>
    /// <remarks>Damage never throws. Exceptions of the stream itself pass unchanged.</remarks>
    public static async Task<IReadOnlyList<string>> FindAsync(
        Stream content, ManifestFile file, int schemaVersion, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        using var hashed = new HashingStream(content);
        if (file.Dataset is Datasets.MessagesJsonl or Datasets.ConversationsJsonl)
            await CheckLinesAsync(
                new GZipStream(hashed, CompressionMode.Decompress, leaveOpen: true), hashed, file.Rows, findings, cancellationToken);
        else if (file.Dataset == Datasets.Rejected)
            await CheckLinesAsync(hashed, hashed, file.Rows, findings, cancellationToken);

        string sha256 = await hashed.DrainAsync(cancellationToken);
        if (hashed.Length != file.Bytes)
            findings.Insert(0, $"is {Number(hashed.Length)} bytes long, but the manifest says {Number(file.Bytes)}");
        if (!sha256.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            findings.Insert(0, $"has the SHA-256 {sha256}, but the manifest says {file.Sha256}");
        if (findings.Count > 0)
            return findings;

        if (file.Dataset == Datasets.Messages.Name)
            await CheckParquetAsync(Datasets.Messages, content, file.Rows, schemaVersion, findings, cancellationToken);
        else if (file.Dataset == Datasets.Conversations.Name)
            await CheckParquetAsync(Datasets.Conversations, content, file.Rows, schemaVersion, findings, cancellationToken);
        else if (file.Dataset == Datasets.Media.Name)
            await CheckParquetAsync(Datasets.Media, content, file.Rows, schemaVersion, findings, cancellationToken);
        else if (!Hashed.Contains(file.Dataset))
            findings.Add($"is of dataset {file.Dataset}, which this program does not know");
        return findings;
    }

    private static async Task CheckLinesAsync(
        Stream text, HashingStream hashed, long expected, List<string> findings, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new LineReader(text);
            long rows = 0;
            while (await lines.ReadAsync(cancellationToken) is not null)
                rows++;
            AddRows(rows, expected, findings);
        }
        catch (InvalidDataException e)
        {
            findings.Add($"cannot be read to its end: {e.Message}");
        }
        finally
        {
            if (text != hashed)
                await text.DisposeAsync();
        }
    }

    private static async Task CheckParquetAsync<TRow>(
        Dataset<TRow> dataset, Stream content, long expected, int schemaVersion, List<string> findings, CancellationToken cancellationToken)
    {
        try
        {
            ParquetFileReader<TRow> file = await ParquetFileReader<TRow>.OpenAnyAsync(dataset, content, cancellationToken);
            (long inFooter, long inGroups) = file.Rows;
            AddRows(inFooter, expected, findings);
            if (inGroups != inFooter)
                findings.Add($"counts {Number(inFooter)} rows, but its row groups add up to {Number(inGroups)}");

            // An older version may have started a run that a newer one finished.
            int written = file.SchemaVersion is { } own && own >= 1 && own < schemaVersion ? own : schemaVersion;
            if (file.SchemaVersion != written)
                findings.Add($"says schema version {Number(file.SchemaVersion)}, but the manifest says {Number(schemaVersion)}");
            findings.AddRange(file.Differences(dataset, written));
        }
        catch (InvalidDataException e)
        {
            findings.Add($"cannot be read: {e.Message}");
        }
    }

    private static void AddRows(long rows, long expected, List<string> findings)
    {
        if (rows != expected)
            findings.Add($"holds {Number(rows)} rows, but the manifest says {Number(expected)}");
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "none";
}
