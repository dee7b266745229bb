using System.IO.Compression;
using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Runs.Writing;

/// <summary>The one file that has all others of an export, under names for people. It is written while the others are, because a staged
/// file cannot be read. Its last two entries are the manifest without the zip, and <c>SHA256SUMS</c>.</summary>
internal sealed class ExportZip : IAsyncDisposable
{
    /// <summary>A file with read and write access for its owner, and read access for others.</summary>
    private const int Attributes = (0x8000 | 0x1A4) << 16;

    /// <summary>The times that a zip can state.</summary>
    private static readonly (DateTime First, DateTime Last) Times = (new(1980, 1, 1), new(2107, 12, 31));

    private const string MediaFolder = "files";

    private readonly ZipNames _fileNames = new();
    private readonly RunFiles _files;
    private readonly JournalHead _head;
    private readonly StagingStream _stream;
    private readonly ZipArchive _zip;
    private readonly List<(string Name, string Sha256)> _sums = [];
    private (string Name, Stream Content)? _open;

    private ExportZip(RunFiles files, JournalHead head, StagingStream stream, ZipArchive zip) =>
        (_files, _head, _stream, _zip) = (files, head, stream, zip);

    /// <summary>The names of the folders of HTML documents, by their folder in the export.</summary>
    public Dictionary<string, string> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the files behind messages, by their path in the export and the folder of the conversation.</summary>
    private readonly Dictionary<string, Dictionary<string, string>> _media = new(StringComparer.Ordinal);

    public static async Task<ExportZip> OpenAsync(RunFiles files, JournalHead head, CancellationToken cancellationToken)
    {
        StagingStream stream = await files.StageAsync(files.Layout.Zip, cancellationToken);
        ZipArchive archive = await ZipArchive.CreateAsync(
            stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        return files.Zip = new ExportZip(files, head, stream, archive);
    }

    /// <summary>Begins the entry of a file of the export.</summary>
    /// <returns>Null if the zip does not have it.</returns>
    public async Task<Stream?> BeginAsync(string path, CancellationToken cancellationToken) =>
        NameOf(path) is { } name ? await OpenAsync(name, cancellationToken) : null;

    /// <summary>Begins the entry of a conversation's page, whose links are those of the zip.</summary>
    /// <param name="path">Its folder and file among the documents of the export.</param>
    public Task<Stream> BeginPageAsync(string path, CancellationToken cancellationToken)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return OpenAsync($"{Folders[path[..slash]]}{path[slash..]}", cancellationToken);
    }

    /// <summary>The address of the file behind a message from a page of its conversation. The zip then has the file there.</summary>
    /// <param name="folder">The folder of the conversation's documents in the export.</param>
    /// <param name="path">The file in the export.</param>
    /// <param name="sent">The local time of the message.</param>
    /// <param name="name">As the message has it.</param>
    public string AddressOf(string folder, string path, DateTimeOffset? sent, string? name)
    {
        if (!_media.TryGetValue(path, out Dictionary<string, string>? names))
            _media.Add(path, names = new(StringComparer.Ordinal));
        if (!names.TryGetValue(folder, out string? shown))
            names.Add(folder, shown = _fileNames.NextFile(sent, name, Path.GetExtension(path)));
        return $"{MediaFolder}/{Uri.EscapeDataString(shown)}";
    }

    /// <summary>Ends the entry that was begun last.</summary>
    public async Task EndAsync(string sha256)
    {
        (string name, Stream content) = _open!.Value;
        await content.DisposeAsync();
        _sums.Add((name, sha256));
        _open = null;
    }

    /// <summary>Adds a visible part of the export.</summary>
    /// <exception cref="InvalidDataException">It is missing, or its bytes are not those that were written.</exception>
    public async Task AddAsync(IStore store, RunFile part, CancellationToken cancellationToken)
    {
        foreach (string name in NamesOf(part.Entry))
            await AddAsync(store, part, name, cancellationToken);
    }

    private async Task AddAsync(IStore store, RunFile part, string name, CancellationToken cancellationToken)
    {
        Stream copy = await OpenAsync(name, cancellationToken);
        await using Stream content = await store.OpenReadAsync(part.Staged.Path, cancellationToken)
            ?? throw new InvalidDataException($"{part.Entry.Path} is missing");
        await using var hashed = new HashingStream(content);
        await hashed.CopyToAsync(copy, cancellationToken);
        if (await hashed.DrainAsync(cancellationToken) != part.Entry.Sha256)
            throw new InvalidDataException($"{part.Entry.Path} is not what the export wrote");
        await EndAsync(part.Entry.Sha256);
    }

    /// <summary>Adds a file that only the zip has.</summary>
    public async Task AddAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await (await OpenAsync(name, cancellationToken)).WriteAsync(bytes, cancellationToken);
        await EndAsync(Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
    }

    public async Task CompleteAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        await AddAsync(RunLayout.ExportManifest, manifest.ToJson(), cancellationToken);
        await AddAsync(RunLayout.Sums, HashSums.Of(_sums), cancellationToken);
        await _zip.DisposeAsync();
        _files.Zip = null;
        await _files.CompleteAsync(_stream, Datasets.Zip, "zip", 0, null, null, cancellationToken);
    }

    /// <summary>Abandons the file unless it is complete. Disposing the library's writer would complete it.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        bool isText = Path.GetExtension(name) is ".csv" or ".html" or ".json" or ".jsonl" or "";
        ZipArchiveEntry entry = _zip.CreateEntry(name, isText ? CompressionLevel.Optimal : CompressionLevel.Fastest);
        DateTime time = _head.StartedAt.UtcDateTime;
        entry.LastWriteTime = new DateTimeOffset(
            DateTime.SpecifyKind(time < Times.First ? Times.First : time > Times.Last ? Times.Last : time, DateTimeKind.Unspecified),
            TimeSpan.Zero);
        entry.ExternalAttributes = Attributes;
        Stream content = await entry.OpenAsync(cancellationToken);
        _open = (name, content);
        return content;
    }

    /// <summary>The names of a file of the export in the zip. A file behind messages is in the folder of each conversation whose pages show
    /// it.</summary>
    private IEnumerable<string> NamesOf(ManifestFile file) =>
        file.Dataset != Datasets.MediaFiles ? NameOf(file.Path) is { } name ? [name] : []
        : _media.TryGetValue(file.Path, out Dictionary<string, string>? names)
            ? names.Select(n => $"{Folders[n.Key]}/{MediaFolder}/{n.Value}")
            : [file.Path];

    /// <summary>The name of a file of the export in the zip; null if the zip does not have it. Parquet is left out unless it was requested,
    /// and the documents are others, because their links lead to folders and files with other names.</summary>
    private string? NameOf(string path)
    {
        string[] segments = path.Split('/');
        if (segments is not [var dataset, var file] || dataset == Datasets.MessagesHtml)
            return null;
        string extension = file[file.IndexOf('.', StringComparison.Ordinal)..];
        if (extension == ".parquet" && !_head.Formats.Contains(PartFormat.Parquet))
            return null;
        string kind = dataset.TrimStart('_').Split('_')[0];
        string number = file[_head.RunId.Length..^extension.Length];
        return $"{kind}{(number == "-00000" ? "" : number)}{extension}";
    }
}
