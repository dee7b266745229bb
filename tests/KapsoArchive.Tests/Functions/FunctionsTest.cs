using System.Text.Json.Nodes;
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

    /// <summary>So many looks at empty queues take longer than any pause that the app asks for.</summary>
    private const int MostIdleLooks = 800;

    /// <summary>So many stand for the ten minutes after which the platform fires <c>ResumeRuns</c>.</summary>
    private const int LooksOfTenMinutes = 100;

    private readonly List<StandInHost> _hosts = [];
    private SandboxServer? _sandbox;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected virtual SandboxOptions World => new() { ApiKey = SourceKey, Conversations = 30, Messages = 6_000 };

    protected TemporaryFolder Folder { get; } = new();

    protected SandboxServer Sandbox => _sandbox!;

    /// <summary>The application settings, as the infrastructure sets them.</summary>
    protected IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

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
        Settings["Archive__Media"] = "none"; // The links of most tests lead nowhere.
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

    /// <summary>The body of an answer, whatever its status.</summary>
    private protected static async Task<string> TextAsync(HttpClient http, string address)
    {
        using HttpResponseMessage answer = await http.GetAsync(address, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>Begins the nightly run by its timer.</summary>
    /// <returns>The run's id.</returns>
    private protected async Task<string> BeginNightAsync(StandInHost host)
    {
        InvocationOutcome fired = await host.FireTimerAsync("NightlyArchive");
        fired.Error.ShouldBeNull(Words(host));
        return (await Store.ListAsync(StoreArea.State, "runs/", Cancellation).Select(f => Path.GetFileNameWithoutExtension(f.Path.Name)).ToListAsync(Cancellation)).Max(StringComparer.Ordinal).ShouldNotBeNull();
    }

    /// <summary>Polls the address of a run or an export until it has ended.</summary>
    private protected static async Task<JsonNode> EndAsync(StandInHost host, string address)
    {
        using HttpClient http = Http(host);
        var caller = new ExportCaller(http);
        JsonNode status = await caller.GetAsync(address);
        await UntilAsync(host, async () => (string)(status = await caller.GetAsync(address))["status"]! is not ("NotStarted" or "Running"));
        return status;
    }

    /// <summary>Polls a night until it has ended.</summary>
    /// <returns>Its status.</returns>
    private protected static async Task<string> EndNightAsync(StandInHost host, string runId) => (string)(await EndAsync(host, $"/api/runs/{runId}"))["status"]!;

    /// <summary>What the app itself has logged, without the libraries below it, and what the host and the process say.</summary>
    private protected static string Words(StandInHost host) => string.Join(
        '\n', host.Log.Lines.Where(l => l.Source is LineSource.Host or LineSource.Console || l.Logger.StartsWith("KapsoArchive.", StringComparison.Ordinal)));

    /// <summary>From now on the store is a folder below a file, so nothing can be read.</summary>
    private protected async Task LoseStoreAsync()
    {
        await File.WriteAllTextAsync(Folder.File("file"), "", Cancellation);
        Settings.Remove("Archive__ConnectionString");
        Settings.Remove("Archive__Container");
        Settings["Archive__Destination"] = Folder.File("file/lake");
    }

    /// <summary>Sends a text to the queue of runs, as any client of the account can.</summary>
    private protected async Task SendAsync(string message)
    {
        QueueClient queue = Queues.GetQueueClient(RunMessage.QueueName);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(message)), Cancellation);
    }

    /// <summary>Waits until something is so, as long as the host has work.</summary>
    private protected static async Task UntilAsync(StandInHost host, Func<Task<bool>> isSo)
    {
        for (int nextTick = LooksOfTenMinutes; !await isSo();)
        {
            host.IdleLooks.ShouldBeLessThan(MostIdleLooks, $"the host waits for a message that does not come:\n{Words(host)}");
            if (host.IdleLooks >= nextTick)
            {
                nextTick += LooksOfTenMinutes;
                await host.FireTimerAsync("ResumeRuns");
            }

            await Task.Delay(100, Cancellation);
        }
    }

    private protected static Task UntilAsync(StandInHost host, Func<bool> isSo) => UntilAsync(host, () => Task.FromResult(isSo()));
}
