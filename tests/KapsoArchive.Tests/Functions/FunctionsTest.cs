using Azure.Storage.Queues;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>What the tests of the published app share: a sandbox, an empty archive in the emulator, empty queues, and hosts.</summary>
[Collection(FunctionsTests.Name)]
public abstract class FunctionsTest(FunctionsFixture fixture) : IAsyncLifetime
{
    private const string SourceKey = "kapso-key-0c7e55d1f2";

    private readonly List<StandInHost> _hosts = [];
    private SandboxServer? _sandbox;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected virtual SandboxOptions World => new() { ApiKey = SourceKey, Conversations = 30, Messages = 6_000 };

    protected TemporaryFolder Folder { get; } = new();

    protected SandboxServer Sandbox => _sandbox!;

    /// <summary>The application settings, as the infrastructure sets them.</summary>
    protected Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    private protected IStore Store { get; private set; } = null!;

    private protected QueueServiceClient Queues { get; private set; } = null!;

    /// <summary>The log lines of all hosts of the test.</summary>
    private protected IEnumerable<HostLine> Lines => _hosts.SelectMany(h => h.Log.Lines);

    public async ValueTask InitializeAsync()
    {
        string connection = await fixture.Azurite.ConnectionStringAsync(Cancellation);
        string container = fixture.Azurite.NewContainerName();
        _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        Settings["AzureWebJobsStorage"] = connection;
        Settings["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        Settings["ArchiveSchedule"] = "0 0 2 * * *";
        Settings["Kapso__ApiKey"] = World.ApiKey;
        Settings["Kapso__BaseUrl"] = Sandbox.BaseUrl.ToString();
        Settings["Archive__Conversations"] = "all";
        Settings["Archive__ConnectionString"] = connection;
        Settings["Archive__Container"] = container;
        Store = BlobStore.FromConnectionString(connection, container);
        await Store.PrepareAsync(Cancellation);
        Queues = new QueueServiceClient(connection);
        await Queues.EmptyAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (StandInHost host in _hosts)
            await host.DisposeAsync();
        await Sandbox.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Starts a host, whose waits are cut to tenths of a second.</summary>
    private protected async Task<StandInHost> StartAsync(Func<HostOptions, HostOptions>? change = null)
    {
        var options = new HostOptions
        {
            Folder = await PublishedApp.FolderAsync(Cancellation),
            Settings = new Dictionary<string, string>(Settings, StringComparer.Ordinal),
            Home = Directory.CreateDirectory(Folder.File("home")).FullName,
            LongestWait = TimeSpan.FromMilliseconds(100),
        };
        StandInHost host = await StandInHost.StartAsync(change?.Invoke(options) ?? options, Cancellation);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A caller with a key of level Function.</summary>
    private protected static HttpClient Http(StandInHost host)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Url };
        http.DefaultRequestHeaders.Add("x-functions-key", host.FunctionKey);
        return http;
    }

    /// <summary>Begins the nightly run by its timer.</summary>
    /// <returns>The run's id.</returns>
    private protected async Task<string> BeginNightAsync(StandInHost host)
    {
        InvocationOutcome fired = await host.FireTimerAsync("NightlyArchive");
        fired.Error.ShouldBeNull(Words(host));
        return (await Store.ListAsync(StoreArea.State, "runs/", Cancellation).Select(f => Path.GetFileNameWithoutExtension(f.Path.Name)).ToListAsync(Cancellation)).Max(StringComparer.Ordinal).ShouldNotBeNull();
    }

    /// <summary>Polls a run until it has ended.</summary>
    /// <returns>Its status.</returns>
    private protected static async Task<string> EndAsync(StandInHost host, string runId) => (string)(await new ExportCaller(Http(host)).EndOfAsync($"/api/runs/{runId}"))["status"]!;

    /// <summary>What the app itself has logged, without the libraries below it.</summary>
    private protected static string Words(StandInHost host) => string.Join('\n', host.Log.Lines.Where(l => l.Source != LineSource.System && !l.Logger.StartsWith("Polly") && !l.Logger.StartsWith("System.") && !l.Logger.StartsWith("Azure.")));

    /// <summary>Sends a text to the queue of runs, as any client of the account can.</summary>
    private protected async Task SendAsync(string message)
    {
        QueueClient queue = Queues.GetQueueClient(RunMessage.QueueName);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(message)), Cancellation);
    }

    /// <summary>Waits until something is so.</summary>
    private protected static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        while (!isSo())
            await Task.Delay(20, patience.Token);
    }
}
