using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Adds committed runs that did nothing but fetch files behind messages, written by the real writers.</summary>
internal sealed class MediaLake(string folder)
{
    private readonly FolderStore _store = new(folder);

    /// <summary>A row of a message whose file could not be stored.</summary>
    public static MediaRow Row(string conversation, string message, MediaOutcome outcome, string? reason = null, string? name = null) => new()
    {
        ConversationId = conversation,
        MessageId = message,
        Run = new RunStamp("", default),
        LinkFingerprint = "0123456789abcdef",
        Outcome = outcome,
        FileName = name,
        Reason = reason,
        Attempts = 1,
    };

    /// <summary>The row of a stored file, with its bytes.</summary>
    public static (MediaRow Row, byte[] Bytes) Stored(string conversation, string message, byte[] bytes, string type, string extension, string? name = null)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return (Row(conversation, message, MediaOutcome.Stored, name: name) with
        {
            DetectedType = type,
            Bytes = bytes.Length,
            Sha256 = sha256,
            Path = Layout.MediaFile(sha256, extension),
        }, bytes);
    }

    /// <summary>Adds a run, later than any other.</summary>
    public async Task<Manifest> AddAsync(CancellationToken cancellationToken, params (MediaRow Row, byte[]? Bytes)[] files)
    {
        string newest = Path.GetFileNameWithoutExtension(Directory.GetFiles(Path.Combine(folder, "_manifests")).Max(StringComparer.Ordinal)!);
        DateTimeOffset at = Core.Lake.Manifest.FromJson(await File.ReadAllBytesAsync(Path.Combine(folder, "_manifests", $"{newest}.json"), cancellationToken)).FinishedAt.AddMinutes(1);
        var run = new RunStamp($"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-00000000", new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero));
        List<ManifestFile> entries = [];
        foreach ((MediaRow row, byte[]? bytes) in files.Where(f => f.Bytes is not null).DistinctBy(f => f.Row.Path))
            entries.Add(await StageAsync(row.Path!, Datasets.MediaFiles, row.Path![(row.Path!.LastIndexOf('.') + 1)..], 0, stream => stream.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken));
        MediaRow[] rows = [.. files.Select(f => f.Row with { Run = run }).OrderBy(r => r.ConversationId, StringComparer.Ordinal).ThenBy(r => r.MessageId, StringComparer.Ordinal)];
        entries.Add(await StageAsync(Layout.Media(run), Datasets.Media.Name, "parquet", rows.Length, stream => DatasetFile.WriteAsync(Datasets.Media, stream, run, rows, cancellationToken), cancellationToken));
        long Count(MediaOutcome outcome) => rows.LongCount(r => r.Outcome == outcome);
        var manifest = new Manifest
        {
            RunId = run.RunId,
            Kind = "archive",
            Trigger = "cli",
            Status = "Succeeded",
            StartedAt = run.ArchivedAt,
            FinishedAt = run.ArchivedAt,
            Source = new ManifestSource("https://example.invalid/", "messages"),
            Request = new ManifestRequest("all", ["parquet"], Full: false, ActiveSince: null, WholeList: true),
            Totals = new ManifestTotals(new ConversationTotals(0, 0, 0, 0), new RowTotals(0, 0, 0, 0), new SweepTotals(0, 0, 0, 0), 0, 0, 0, entries.Sum(e => e.Bytes))
            {
                Media = new MediaTotals(Count(MediaOutcome.Stored), Count(MediaOutcome.Waiting), Count(MediaOutcome.Gone), Count(MediaOutcome.TooLarge), Count(MediaOutcome.Refused),
                    Count(MediaOutcome.Failed), entries.Where(e => e.Dataset == Datasets.MediaFiles).Sum(e => e.Bytes), Untried: 2),
            },
            Files = entries,
            Incomplete = [],
        };
        await _store.CreateAsync(new StorePath(StoreArea.Data, Layout.Manifest(run.RunId)), manifest.ToJson(), cancellationToken);
        return manifest;
    }

    /// <summary>A picture in colours, as PNG.</summary>
    public static byte[] Png(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (int x = 0; x < width; x++)
                    zlib.Write([(byte)(x * 255 / width), (byte)(y * 255 / height), 128]);
            }
        }

        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", head), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];

        static byte[] Chunk(string name, byte[] content)
        {
            byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
            byte[] chunk = new byte[named.Length + 8];
            BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
            named.CopyTo(chunk, 4);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), Crc32.HashToUInt32(named));
            return chunk;
        }
    }

    /// <summary>A second of silence for each of <paramref name="seconds"/>, as WAV.</summary>
    public static byte[] Wav(int seconds)
    {
        const int Rate = 8_000;
        byte[] wav = new byte[44 + seconds * Rate];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        (wav[20], wav[22]) = (1, 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate);
        (wav[32], wav[34]) = (1, 8);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - 44);
        wav.AsSpan(44).Fill(128);
        return wav;
    }

    private async Task<ManifestFile> StageAsync(string path, string dataset, string format, long rows, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using StagingStream stream = await _store.StageAsync(new StorePath(StoreArea.Data, path), "media", cancellationToken);
        await write(stream);
        StagedFile staged = await stream.CompleteAsync(cancellationToken);
        await _store.RevealAsync(staged, cancellationToken);
        return new ManifestFile(path, dataset, format, rows, staged.Length, staged.Sha256, MinCreatedAt: null, MaxCreatedAt: null);
    }
}
