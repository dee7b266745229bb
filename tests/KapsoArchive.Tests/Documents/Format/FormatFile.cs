using System.IO.Compression;
using System.Text;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>A file of an archive in a folder.</summary>
/// <param name="Area"><c>data</c>, <c>state</c> or <c>exports</c>.</param>
/// <param name="Name">Its path in the area.</param>
/// <param name="File">Where it lies.</param>
internal sealed record FormatFile(string Area, string Name, string File)
{
    /// <summary>All files of an archive, hidden ones too.</summary>
    public static IEnumerable<FormatFile> All(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        let path = Path.GetRelativePath(folder, file).Replace('\\', '/')
        let area = path.Split('/')[0] switch { "_state" => "state", "exports" => "exports", _ => "data" }
        select new FormatFile(area, area == "data" ? path : path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..], file);

    public byte[] Bytes() => System.IO.File.ReadAllBytes(File);

    /// <summary>The JSON documents that it holds: itself, or one on each line.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> JsonDocuments() => Lines() is { } lines ? lines : [Bytes()];

    private IEnumerable<ReadOnlyMemory<byte>>? Lines()
    {
        if (!Name.EndsWith(".jsonl", StringComparison.Ordinal) && !Name.EndsWith(".jsonl.gz", StringComparison.Ordinal) && !Name.EndsWith(".rejected", StringComparison.Ordinal) && !Name.Contains("/_delta_log/", StringComparison.Ordinal))
            return null;
        using Stream stream = Name.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(new MemoryStream(Bytes()), CompressionMode.Decompress)
            : new MemoryStream(Bytes());
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(line)))];
    }
}
