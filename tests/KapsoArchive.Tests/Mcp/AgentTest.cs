using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Mcp;

/// <summary>A lake with the conversations of a test, Kapso switched off, and an agent that reads it.</summary>
public abstract class AgentTest : IAsyncDisposable
{
    protected const string Key = "agent-key-0123456789abcdef";

    private readonly List<IAsyncDisposable> _opened = [];

    protected TemporaryFolder Folder { get; } = new();

    protected string Lake => Folder.File("lake");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (IAsyncDisposable opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Archives the conversations, and switches the source off.</summary>
    internal async Task<Manifest> ArchiveAsync(params Talk[] talks)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(HtmlExport.Small, cancellationToken: Cancellation);
        foreach (Talk talk in talks)
            talk.AddTo(sandbox);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(Lake));
        return await harness.RunAsync();
    }

    internal async Task<ServeHost> ServeAsync(params KeyValuePair<string, string?>[] settings)
    {
        ServeHost server = await ServeHost.StartAsync(
            TimeProvider.System, RunHarness.LastOfEach([new("Kapso:ApiKey", "none"), new("Archive:Destination", Lake), new("Api:Keys", Key), .. settings]));
        _opened.Add(server);
        return server;
    }

    /// <summary>An agent with the key, over <c>stdio</c> or <c>http</c>.</summary>
    internal async Task<AgentClient> ConnectAsync(string transport = "http")
    {
        AgentClient client = transport == "stdio"
            ? await AgentClient.OverStdioAsync(Lake)
            : await AgentClient.OverHttpAsync((await ServeAsync()).Http.BaseAddress!, "X-API-Key", Key);
        _opened.Add(client);
        return client;
    }
}
