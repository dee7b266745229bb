using System.Security.Cryptography;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Media;

/// <summary>An archive in a folder, and a sandbox whose messages have files.</summary>
internal sealed class FileWorld : IAsyncDisposable
{
    /// <summary>Every night reads every page, so that it sees every link.</summary>
    public static readonly KeyValuePair<string, string?> Whole = new("Archive:FullSweepEvery", "00:00:00");

    private readonly TemporaryFolder _folder = new();
    private readonly List<RunHarness> _harnesses = [];

    private FileWorld(SandboxServer sandbox, ShiftedTime time) => (Sandbox, Time) = (sandbox, time);

    public SandboxServer Sandbox { get; }

    public SandboxMediaHost Media => Sandbox.Media!;

    /// <summary>Of both.</summary>
    public ShiftedTime Time { get; }

    public FolderStore Store => new(_folder.Path);

    public string Path => _folder.Path;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FileWorld> StartAsync(SandboxMedia? media = null, int conversations = 12, int messages = 240)
    {
        var time = new ShiftedTime(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero));
        var options = new SandboxOptions { Conversations = conversations, Messages = messages, Media = media ?? new SandboxMedia() };
        return new FileWorld(await SandboxServer.StartAsync(options, time, Cancellation), time);
    }

    public RunHarness Harness(RunLimits? limits = null, string media = "all", IStore? store = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var harness = new RunHarness(Sandbox.BaseUrl, store ?? Store, limits, time: Time, settings: [new("Archive:Media", media), .. settings]);
        _harnesses.Add(harness);
        return harness;
    }

    /// <summary>The next night.</summary>
    public async Task<Manifest> NightAsync(string media = "all", params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        Time.Advance(TimeSpan.FromDays(1));
        return await Harness(media: media, settings: settings).RunAsync();
    }

    /// <summary>The files alone, without a request to the source.</summary>
    public async Task<Manifest> RetryAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        return await Harness().RunAsync(RunRequest.OfFiles([PartFormat.Parquet], "cli"));
    }

    public async Task<IReadOnlyList<MediaRow>> RowsAsync()
    {
        List<MediaRow> rows = [];
        await foreach (StoredFile file in Store.ListAsync(StoreArea.Data, "media/", Cancellation))
        {
            await using Stream content = (await Store.OpenReadAsync(file.Path, Cancellation))!;
            await foreach (IReadOnlyList<MediaRow> some in MediaReader.ReadAsync(content, conversationId: null, Cancellation))
                rows.AddRange(some);
        }

        return rows;
    }

    /// <summary>The newest row of each message.</summary>
    public async Task<IReadOnlyDictionary<string, MediaRow>> NewestAsync() =>
        (await RowsAsync()).GroupBy(r => r.MessageId).ToDictionary(g => g.Key, g => g.OrderBy(r => r.Run.RunId, StringComparer.Ordinal).Last());

    public async Task<WaitingFiles?> WaitingAsync() => await WaitingFiles.ReadAsync(Store, Cancellation);

    /// <summary>Every file of the truth is in the archive once with the right hash, and nothing else is.</summary>
    public async Task ShouldBeWholeAsync()
    {
        SandboxAttachment[] truth = [.. Media.Attachments()];
        truth.ShouldNotBeEmpty();
        IReadOnlyDictionary<string, MediaRow> newest = await NewestAsync();
        foreach (SandboxAttachment attachment in truth)
        {
            MediaRow row = newest.GetValueOrDefault(attachment.MessageId).ShouldNotBeNull($"there is no row for message {attachment.MessageId}");
            row.Outcome.ShouldBe(MediaOutcome.Stored, row.Reason);
            (row.Sha256, row.Bytes, row.ConversationId).ShouldBe((attachment.File.Sha256, attachment.File.Length, attachment.ConversationId));
        }

        string[] paths = [.. truth.Select(a => newest[a.MessageId].Path!).Distinct().Order(StringComparer.Ordinal)];
        Directory.EnumerateFiles(System.IO.Path.Combine(Path, "_media"), "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal).ShouldBe(paths);
        foreach (string path in paths)
        {
            await using FileStream content = File.OpenRead(System.IO.Path.Combine(Path, path));
            System.IO.Path.GetFileNameWithoutExtension(path).ShouldBe(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancellation)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunHarness harness in _harnesses)
            await harness.DisposeAsync();
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }
}
