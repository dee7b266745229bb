using System.Globalization;
using System.IO.Compression;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Compares a file with what the manifest says of it: its length, its SHA-256, its rows and its schema. Reads the bytes once, and
/// of Parquet the footer besides. The rows of CSV and of pages are vouched for by the hash.</summary>
public static class PartCheck
{
    /// <param name="content">The file, from its beginning; it can seek. It stays the caller's to dispose.</param>
    /// <param name="file">What the manifest says of it.</param>
    /// <param name="schemaVersion">The manifest's schema version.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>
    /// What is wrong, as predicates of sentences about the file ("is 12,345 bytes long, and the manifest says 12,400"); none where it is
    /// sound. Where the bytes are not those that
    /// were written, nothing is said of the columns: a footer is only read where the hash vouches for it.
    /// </returns>
    /// <remarks>Damage never throws. What the stream itself throws is passed on as it is.</remarks>
    public static async Task<IReadOnlyList<string>> FindAsync(Stream content, ManifestFile file, int schemaVersion, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        using var hashed = new HashingStream(content);
        if (file.Dataset == Datasets.MessagesJsonl)
            await CheckLinesAsync(new GZipStream(hashed, CompressionMode.Decompress, leaveOpen: true), hashed, file.Rows, findings, cancellationToken);
        else if (file.Dataset == Datasets.Rejected)
            await CheckLinesAsync(hashed, hashed, file.Rows, findings, cancellationToken);

        string sha256 = await hashed.DrainAsync(cancellationToken);
        if (hashed.Length != file.Bytes)
            findings.Insert(0, $"is {Number(hashed.Length)} bytes long, and the manifest says {Number(file.Bytes)}");
        if (!sha256.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            findings.Insert(0, $"has the SHA-256 {sha256}, and the manifest says {file.Sha256}");
        if (findings.Count > 0)
            return findings;

        if (file.Dataset == Datasets.Messages.Name)
            await CheckParquetAsync(Datasets.Messages, content, file.Rows, schemaVersion, findings, cancellationToken);
        else if (file.Dataset == Datasets.Conversations.Name)
            await CheckParquetAsync(Datasets.Conversations, content, file.Rows, schemaVersion, findings, cancellationToken);
        else if (file.Dataset is not (Datasets.MessagesJsonl or Datasets.MessagesCsv or Datasets.MessagesHtml or Datasets.Rejected))
            findings.Add($"is of dataset {file.Dataset}, which this program does not know");
        return findings;
    }

    private static async Task CheckLinesAsync(Stream text, HashingStream hashed, long expected, List<string> findings, CancellationToken cancellationToken)
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
                findings.Add($"counts {Number(inFooter)} rows, and its row groups add up to {Number(inGroups)}");

            // An older program may have begun the run that a newer one finished.
            int written = file.SchemaVersion is { } own && own >= 1 && own < schemaVersion ? own : schemaVersion;
            if (file.SchemaVersion != written)
                findings.Add($"says schema version {Number(file.SchemaVersion)}, and the manifest says {Number(schemaVersion)}");
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
            findings.Add($"holds {Number(rows)} rows, and the manifest says {Number(expected)}");
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "none";
}
