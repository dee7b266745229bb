using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

/// <summary>The program with a run that waits for the source's rate limit, and so holds its store's lock until it is killed.</summary>
internal sealed class LockHoldingProcess : IAsyncDisposable
{
    private static readonly SandboxOptions Miserly = new() { RateLimit = 2, Window = TimeSpan.FromDays(1) };

    private readonly TemporaryFolder _working = new();
    private readonly SandboxServer _sandbox;
    private readonly CliProcess _process;

    private LockHoldingProcess(SandboxServer sandbox, IReadOnlyDictionary<string, string> place)
    {
        _sandbox = sandbox;
        var settings = new Dictionary<string, string>(place, StringComparer.Ordinal) { ["Kapso__ApiKey"] = Miserly.ApiKey, ["Kapso__BaseUrl"] = sandbox.BaseUrl.ToString() };
        _process = CliProcess.Start(_working.Path, settings, "run", "--conversations", "all");
    }

    public int Id => _process.Id;

    /// <param name="place">The settings that tell the program where the store is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LockHoldingProcess> StartAsync(IReadOnlyDictionary<string, string> place, CancellationToken cancellationToken) =>
        new(await SandboxServer.StartAsync(Miserly, time: null, cancellationToken), place);

    /// <summary>Waits until it holds the lock.</summary>
    public async Task<LockHolder> HolderAsync(IStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An unknown holder is about to write who it is.
            if (await store.ReadLockAsync(StoreLockContract.Lock, cancellationToken) is { } holder && holder != LockHolder.Unknown)
                return holder;
            if (_process.HasExited)
                throw new InvalidOperationException($"The program ended before it held the lock: {await _process.EndAsync()}");
            await Task.Delay(20, cancellationToken);
        }
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.ExitedAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _sandbox.DisposeAsync();
        _working.Dispose();
    }
}
