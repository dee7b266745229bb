using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>
/// Archives that the program left, in folders: two nights with removals that wait, of which only the second fetches files; an export; an
/// export and a night that fetch files; a night that is half published; one whose chain has an accepted fault; and a copy that <c>backup</c> made.
/// </summary>
public sealed class FormatArchives : IAsyncLifetime
{
    private const string Absent = "00000000-0000-4000-8000-000000000000";

    /// <summary>A few hundred files are enough.</summary>
    private const string SomeFiles = "document,sticker";

    private static readonly SandboxMediaFaults SomeFail = new()
    {
        Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Unavailable] = 0.1, [SandboxMediaFaultKind.Gone] = 0.1 },
    };

    /// <summary>Files come so slowly that there is time to kill who fetches them, and some have to wait.</summary>
    private static readonly SandboxMediaFaults MostAreSlow = new()
    {
        Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Slow] = 0.7, [SandboxMediaFaultKind.Unavailable] = 0.3 },
        SlowSeconds = 0.3,
    };

    private static readonly SandboxFaults SlowPages = new() { Slow = 1, SlowSeconds = 0.4, MaxConsecutive = int.MaxValue };

    private static readonly SandboxOptions World = new()
    {
        Conversations = 6,
        Messages = 12_000,
        MalformedShare = 0.005,
        Seed = 17,
        Media = new SandboxMedia { Faults = SomeFail },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private SandboxServer? _sandbox;

    /// <summary>The folders of the archives.</summary>
    public IReadOnlyList<string> Folders => [Main, HalfPublished, Accepted, Backup];

    /// <summary>The one with an export, and a half-finished night and export.</summary>
    public string Main => _folder.File("lake");

    private string HalfPublished => _folder.File("half-published");

    private string Accepted => _folder.File("accepted");

    private string Backup => _folder.File("backup");

    private SandboxServer Sandbox => _sandbox!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        (_settings["Kapso__ApiKey"], _settings["Kapso__BaseUrl"]) = (World.ApiKey, _sandbox.BaseUrl.ToString());
        string[] ids = [.. _sandbox.Data.Conversations.Select(c => c.Id).OrderByDescending(id => _sandbox.Listings.Moving(id).Count)];

        _settings["Archive__Media"] = "none";
        await RunAsync(0, "run", "--conversations", "all", "--out", Main);
        Move(ids);
        _settings["Archive__Media"] = SomeFiles;
        await RunAsync(3, ["run", .. ids.Append(Absent).SelectMany(id => (string[])["--conversation", id]), "--full", "--out", Main]);
        await RunAsync(0, "export", "--conversation", ids[0], "--conversation", ids[1], "--format", "parquet,jsonl,csv,html,xlsx", "--zip", "--out", Main);
        await RunAsync(0, "backup", "--lake", Main, "--to", Backup);
        Copy(Main, HalfPublished);
        Copy(Main, Accepted);

        await LeaveHalfPublishedAsync(ids);
        await AcceptFaultAsync();
        _sandbox.Media!.Faults = MostAreSlow;
        _settings["Archive__SliceDuration"] = "00:00:01";
        await LeaveHalfExportedAsync();
        await LeaveNightWaitingAsync();
        await LeaveHalfFetchedAsync();
        await File.WriteAllTextAsync(Path.Combine(Main, "_state", "conversations.txt"), string.Join('\n', ids), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A day passes: messages come, change and go, some with files, and some records are odd.</summary>
    private void Move(string[] ids)
    {
        foreach (SandboxAttachment attachment in Sandbox.Media!.Attachments().Take(40))
            Sandbox.Listings.Moving(attachment.ConversationId).Update(attachment.MessageId, "read");
        foreach (string id in ids)
        {
            MovingListing listing = Sandbox.Listings.Moving(id);
            listing.InsertNewest();
            listing.Update(listing.At(1).Id, "failed");
            listing.Delete(listing.At(3).Id);
            listing.Insert(Odd($$"""{"id":"plain-{{Guid.NewGuid():N}}","content":"half of a pair \ud800","created_at":"2026-10-01T10:00:00Z"}"""));
            listing.Insert(Odd("""{"content":"no id"}"""));
        }
    }

    /// <summary>A file lies where the parts of the day should, so the run cannot be published; it is taken away afterwards.</summary>
    private async Task LeaveHalfPublishedAsync(string[] ids)
    {
        Move(ids);
        string[] obstacles =
        [
            .. Enumerable.Range(0, 2).Select(day => Path.Combine(HalfPublished, "messages_jsonl", $"snapshot_date={DateTime.UtcNow.AddDays(day):yyyy-MM-dd}")),
        ];
        string aside = _folder.File("aside");
        foreach (string obstacle in obstacles)
        {
            if (Directory.Exists(obstacle))
                Directory.Move(obstacle, aside);
            await File.WriteAllTextAsync(obstacle, "", Cancellation);
        }

        await RunAsync(1, "run", "--conversations", "all", "--full", "--out", HalfPublished);
        foreach (string obstacle in obstacles)
            File.Delete(obstacle);
        Directory.Move(aside, obstacles[0]);
    }

    /// <summary>The first manifest is lost, and somebody accepts that the second names it. A verification in parts then finds the files of the
    /// first run.</summary>
    private async Task AcceptFaultAsync()
    {
        string[] manifests = [.. Directory.GetFiles(Path.Combine(Accepted, "_manifests")).Order(StringComparer.Ordinal)];
        File.Delete(manifests[0]);
        await CliProcess.RunAsync(_folder.Path, _settings, "verify", "--quiet", "--accept", Path.GetFileNameWithoutExtension(manifests[1]), "--out", Accepted);
        await CliProcess.RunAsync(_folder.Path, _settings, "verify", "--quiet", "--subset", "100%", "--out", Accepted);
    }

    /// <summary>A server that is killed while it carries out an export: all is read, and some files are fetched.</summary>
    private async Task LeaveHalfExportedAsync()
    {
        Sandbox.Faults = SlowPages;
        _settings["Api__CallbackSecret"] = "a-secret-of-thirty-two-characters";
        await using ServeProcess server = await ServeProcess.StartAsync(_folder.Path, _settings, "--urls", "http://127.0.0.1:0", "--out", Main);
        var request = new { conversations = "all", from = "2026-01-01T00:00:00Z", zip = true, callbackUrl = "https://hooks.invalid/archive" };
        (await new ExportCaller(server.Http).CreateAsync(request, "operation-17")).Status.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync("export-journal", "*.paused", "00000.json");
        Sandbox.Faults = SandboxFaults.None;
        await UntilAsync(SliceAfterFilesHoldsTheLock); // Between two slices nobody holds it, and its document is gone.
        await server.KillAsync();
    }

    /// <summary>A night that wants more files than those before, and is killed while it fetches them.</summary>
    private async Task LeaveHalfFetchedAsync()
    {
        Move([.. Sandbox.Data.Conversations.Select(c => c.Id)]);
        Sandbox.Faults = SlowPages;
        _settings["Archive__Media"] = "all";
        await using CliProcess run = CliProcess.Start(_folder.Path, _settings, "run", "--quiet", "--conversations", "all", "--full", "--out", Main);
        await UntilAsync("journal", "*.paused", "00000.json");
        Sandbox.Faults = SandboxFaults.None;
        await UntilAsync("journal", "*.links", "*.waiting", "*.tried");
        run.Kill();
        await run.ExitedAsync(Cancellation);
    }

    /// <summary>A night that is due while the archive is in use.</summary>
    private async Task LeaveNightWaitingAsync()
    {
        var store = new FolderStore(Main);
        await using var harness = new RunHarness(_sandbox!.BaseUrl, store, settings: new KeyValuePair<string, string?>("Archive:Conversations", "all"));
        await using StoreLock held = await store.LockAsync(new StorePath(StoreArea.State, "lock"), "a verification", Cancellation);
        (await harness.Nightly.StartOrWaitAsync("timer", Cancellation)).Outcome.ShouldBe(NightlyOutcome.Busy);
    }

    /// <summary>A slice writes the number of entries into the head once it has the lock.</summary>
    private bool SliceAfterFilesHoldsTheLock() =>
        Directory.EnumerateFiles(Path.Combine(Main, "_state", "export-journal"), "*.tried", SearchOption.AllDirectories)
            .Any(tried => JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(tried)!, "run.json")))!["entries"]!.GetValue<int>()
                > int.Parse(Path.GetFileName(tried).Split('.')[0], CultureInfo.InvariantCulture));

    private Task UntilAsync(string folder, params string[] files)
    {
        string journals = Path.Combine(Main, "_state", folder);
        return UntilAsync(() => Directory.Exists(journals) && files.All(file => Directory.EnumerateFiles(journals, file, SearchOption.AllDirectories).Any()));
    }

    private static async Task UntilAsync(Func<bool> isReached)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isReached())
            await timer.WaitForNextTickAsync(patience.Token);
    }

    private async Task RunAsync(int exitCode, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Path, _settings, [arguments[0], "--quiet", .. arguments[1..]]);
        result.ExitCode.ShouldBe(exitCode, result.Output + result.Error);
    }

    private static SandboxMessage Odd(string record) =>
        SandboxMessage.Read(Encoding.UTF8.GetBytes(record), otherwiseId: $"odd-{Guid.NewGuid():N}", otherwiseCreatedAt: new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
