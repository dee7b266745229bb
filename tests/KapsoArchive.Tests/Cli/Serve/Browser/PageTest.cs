using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>What the tests of the pages share: a sandbox, a folder, and servers beside it.</summary>
public abstract class PageTest : IAsyncLifetime
{
    protected const string Key = "first-key-0123456789abcdef";

    private static readonly SandboxOptions World = new() { Conversations = 4, Messages = 200, IncludeSamples = false };

    private SandboxServer? _sandbox;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TemporaryFolder Folder { get; } = new();

    private protected SandboxServer Sandbox => _sandbox!;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Sandbox.DisposeAsync();
        Folder.Dispose();
    }

    /// <param name="keys">Empty for none.</param>
    /// <param name="settings">Beside those that every server has here, or in their place.</param>
    private protected Task<ServeHost> StartAsync(string keys = Key, TimeProvider? time = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["Kapso:ApiKey"] = World.ApiKey,
            ["Kapso:BaseUrl"] = Sandbox.BaseUrl.ToString(),
            ["Archive:Destination"] = Folder.File("lake"),
            ["Archive:Conversations"] = "all",
            ["ArchiveSchedule"] = "0 0 2 1 1 *",
            ["Api:Keys"] = keys,
        };
        foreach ((string name, string? value) in settings)
            all[name] = value;
        return ServeHost.StartAsync(time ?? TimeProvider.System, all);
    }

    /// <summary>One who has signed in.</summary>
    private protected static async Task<PageCaller> SignedInAsync(ServeHost server)
    {
        var caller = new PageCaller(server.Http);
        await caller.SignInAsync(Key);
        caller.Cookie.ShouldNotBeNull();
        return caller;
    }

    /// <summary>How many exports were ever accepted.</summary>
    private protected static async Task<int> ExportsAsync(ServeHost server) => await server.Store.ListAsync(StoreArea.State, "exports/", Cancellation).CountAsync(Cancellation);
}
