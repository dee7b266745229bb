using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
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

    public Task<IReadOnlyList<MediaRow>> RowsAsync() => FileTruth.RowsAsync(Store);

    /// <summary>The newest row of each message.</summary>
    public Task<IReadOnlyDictionary<string, MediaRow>> NewestAsync() => FileTruth.NewestAsync(Store);

    public async Task<WaitingFiles?> WaitingAsync() => await WaitingFiles.ReadAsync(Store, Cancellation);

    /// <summary>Every file of the truth is in the archive once with the right hash, and nothing else is.</summary>
    public Task ShouldBeWholeAsync() => FileTruth.ShouldBeWholeAsync(Store, Media);

    public async ValueTask DisposeAsync()
    {
        foreach (RunHarness harness in _harnesses)
            await harness.DisposeAsync();
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }
}
