using System.Diagnostics;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Storage;

/// <summary>This test program in another process, which does nothing but hold a store's lock until it is killed.</summary>
public sealed class LockHoldingProcess : IAsyncDisposable
{
    public const string Folder = "KAPSO_ARCHIVE_LOCK_FOLDER";
    public const string Connection = "KAPSO_ARCHIVE_LOCK_CONNECTION";
    public const string Container = "KAPSO_ARCHIVE_LOCK_CONTAINER";

    private readonly Process _process;
    private readonly Task<string> _output;

    private LockHoldingProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static LockHoldingProcess Start(IReadOnlyDictionary<string, string> place)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        string method = $"{typeof(LockHoldingProgram).FullName}.{nameof(LockHoldingProgram.Holds_a_lock_until_it_is_killed)}";
        foreach (string argument in (string[])[typeof(LockHoldingProcess).Assembly.Location, "-method", method, "-explicit", "only"])
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in place)
            start.Environment[name] = value;
        return new LockHoldingProcess(Process.Start(start) ?? throw new InvalidOperationException("The program did not start."));
    }

    /// <summary>Waits until it holds the lock.</summary>
    public async Task<LockHolder> HolderAsync(IStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An unknown holder is about to write who it is.
            if (await store.ReadLockAsync(StoreLockContract.Lock, cancellationToken) is { } holder && holder != LockHolder.Unknown)
                return holder;
            if (_process.HasExited)
                throw new InvalidOperationException($"The program ended before it held the lock: {await _output}");
            await Task.Delay(20, cancellationToken);
        }
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        // SIGKILL: nothing of the program runs any more.
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _process.Dispose();
    }
}
