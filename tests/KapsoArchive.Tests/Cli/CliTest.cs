using System.Text.RegularExpressions;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>A sandbox, an empty folder, and the program set up for both.</summary>
public abstract partial class CliTest(SandboxOptions options) : IAsyncLifetime
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

    /// <summary>Runs the program to its end. Its progress, of which there is some only on a busy machine, is left out of the result.</summary>
    internal async Task<CliResult> RunAsync(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(Folder.Path, Settings, arguments);
        return result with { Error = Progress().Replace(result.Error, "") };
    }

    [GeneratedRegex(
        @"^(Starting|Looking for conversations|Fetching files: [\d,]+ of|Conversations [\d,]+ of|Publishing [\d,]+ message|Rebuilding the index|Reading the manifests|Files [\d,]+ of|Comparing the index).*\r?\n",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Progress();

    /// <summary>The files of a lake that a reader may see, by their paths in it; without the Delta tables' logs, which follow from them.</summary>
    protected IReadOnlyList<string> Visible(string lake) => !Directory.Exists(Folder.File(lake)) ? [] :
    [
        .. Directory.EnumerateFiles(Folder.File(lake), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder.File(lake), file))
            .Where(file => !file.StartsWith("_state", StringComparison.Ordinal) && !file.Contains("_delta_log", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
