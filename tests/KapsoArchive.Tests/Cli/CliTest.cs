using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>A sandbox, an empty folder, and the program set up for both.</summary>
public abstract class CliTest(SandboxOptions options) : IAsyncLifetime
{
    private SandboxServer? _sandbox;

    protected CliTest()
        : this(new SandboxOptions { Conversations = 12, Messages = 400 })
    {
    }

    protected TemporaryFolder Folder { get; } = new();

    protected SandboxServer Sandbox => _sandbox!;

    /// <summary>What a user would have set.</summary>
    protected IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(options, time: null, Cancellation);
        Settings["Kapso__ApiKey"] = options.ApiKey;
        Settings["Kapso__BaseUrl"] = _sandbox.BaseUrl.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Sandbox.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Runs the program to its end, without its progress, of which there is some on a busy machine alone.</summary>
    internal Task<CliResult> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(Folder.Path, Settings, arguments is ["demo" or "run" or "export" or "verify", ..] ? [arguments[0], "--quiet", .. arguments[1..]] : arguments);

    /// <summary>The files of a lake that a reader may see, by their paths in it.</summary>
    protected IReadOnlyList<string> Visible(string lake) => !Directory.Exists(Folder.File(lake)) ? [] :
    [
        .. Directory.EnumerateFiles(Folder.File(lake), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder.File(lake), file))
            .Where(file => !file.StartsWith("_state", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
