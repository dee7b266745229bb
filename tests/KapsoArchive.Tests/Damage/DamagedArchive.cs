using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Damage;

/// <summary>A small archive in a folder with the source that it comes from, for what is done to its files and what becomes of that.</summary>
internal sealed class DamagedArchive : IAsyncDisposable
{
    private static readonly RunLimits Limits = new() { RowGroupRows = 40, PartBytes = 20_000 };

    public static readonly SandboxOptions Options = new() { Conversations = 6, Messages = 300, MalformedShare = 0.03 };

    private readonly TemporaryFolder _folder = new();
    private readonly SandboxServer _sandbox;

    private DamagedArchive(SandboxServer sandbox) => _sandbox = sandbox;

    /// <summary>Where the archive lies now; <see cref="Copy"/> moves on to another place.</summary>
    public string Root { get; set; } = "";

    public FolderStore Store => new(Root);

    /// <summary>A folder that is no part of the archive.</summary>
    public string Outside => _folder.Path;

    public SandboxServer Sandbox => _sandbox;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<DamagedArchive> BeginAsync(SandboxOptions? options = null)
    {
        SandboxServer sandbox = await SandboxServer.StartAsync(options ?? Options, cancellationToken: Cancellation);
        var archive = new DamagedArchive(sandbox);
        archive.Root = archive._folder.File("lake");
        return archive;
    }

    /// <summary>Two runs and an export through the queue's door, the second run with changes and with a message that may have been removed.</summary>
    public async Task LiveAsync()
    {
        await RunAsync();
        Move();
        await RunAsync(full: true);
        await using RunHarness harness = Harness(Store);
        await harness.Exports.CreateAsync(
            new RunRequest { Kind = RunKind.Export, Conversations = ConversationSelection.All, Formats = [PartFormat.Csv], Trigger = "http" }, "operation-1", Cancellation);
    }

    public void Move()
    {
        Listing(1).InsertNewest();
        Listing(2).Update(Listing(2).At(1).Id, "failed");
        Listing(3).Delete(Listing(3).At(Listing(3).Count - 1).Id);
    }

    public async Task<Manifest> RunAsync(bool full = false)
    {
        (Manifest manifest, _) = await RunAndTellAsync(full);
        return manifest;
    }

    public async Task RunAsync(string conversation)
    {
        await using RunHarness harness = Harness(Store);
        await harness.RunAsync(conversation);
    }

    /// <returns>The manifest, and all that the run says of damage.</returns>
    public async Task<(Manifest Manifest, string Told)> RunAndTellAsync(bool full = false)
    {
        await using RunHarness harness = Harness(Store);
        Manifest manifest = await harness.RunAsync(full, Cancellation).WaitAsync(Patience.Limit, Cancellation);
        IEnumerable<string> warnings = harness.Tracker.Resumed.Append(manifest).SelectMany(m => m.Warnings ?? []);
        return (manifest, string.Join('\n', [.. warnings, .. harness.Tracker.GivenUp, harness.Tracker.IndexRebuilt ?? ""]));
    }

    /// <summary>As above, but a run that gives up tells too.</summary>
    public async Task<string> TryRunAsync()
    {
        try
        {
            return (await RunAndTellAsync()).Told;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }

    /// <summary>Lets a run die at a call of the store.</summary>
    public async Task BreakOffAsync(string method, int call)
    {
        await using RunHarness harness = Harness(new FailingStore(Store, call, recovers: false) { Counts = method });
        await Should.ThrowAsync<StoreException>(() => harness.RunAsync(full: true, Cancellation));
    }

    public async Task<VerificationReport> VerifyAsync(string? accept = null) =>
        await new ArchiveVerification(Store, TimeProvider.System).VerifyAsync(new VerificationRequest(null, RebuildIndex: false) { AcceptedRunId = accept }, new VerificationTracker(), Cancellation).WaitAsync(Patience.Limit, Cancellation);

    public Task<StatusReport> StatusAsync() => new ArchiveStatus(Store, TimeProvider.System).ReadAsync(null, Cancellation).WaitAsync(Patience.Limit, Cancellation);

    /// <summary>Goes on with a copy, so that the archive stays as it is.</summary>
    public void Copy(string from)
    {
        Root = _folder.File(Guid.NewGuid().ToString("N"));
        CopyFolder(from, Root);
    }

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>All files, by their names, with their content; but for locks.</summary>
    public SortedDictionary<string, byte[]> Files() => new(
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(Root, file).Replace('\\', '/'), File: file))
            .Where(f => !Path.GetFileName(f.File).StartsWith('.') && f.Name != "_state/lock" && !f.Name.StartsWith("_state/staging/", StringComparison.Ordinal))
            .ToDictionary(f => f.Name, f => System.IO.File.ReadAllBytes(f.File)),
        StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Dispose();
    }

    private RunHarness Harness(IStore store) => new(_sandbox.BaseUrl, store, Limits, settings: new KeyValuePair<string, string?>("Archive:RemovalGrace", "3.00:00:00"));

    private MovingListing Listing(int conversation) => _sandbox.Listings.Moving(_sandbox.Data.Conversations[conversation].Id);

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (string file in Directory.EnumerateFiles(from))
            System.IO.File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
