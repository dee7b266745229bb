using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace KapsoArchive.Functions;

/// <summary>Interrupts the work of this worker when it stops, and waits until its progress is saved. The Functions host neither cancels the
/// tokens of running functions nor waits for them.</summary>
internal sealed class RunsInHand : IHostedService, IDisposable
{
    /// <summary>After SIGTERM the host waits ten seconds. The lock is released and the next worker woken after this time, so all ends
    /// within eight seconds even if each request takes two.</summary>
    private static readonly TimeSpan TimeToSave = TimeSpan.FromSeconds(3);

    /// <summary>After a WorkerTerminate that comes alone, the host waits five seconds: all ends within four.</summary>
    private static readonly TimeSpan ShortTimeToSave = TimeSpan.FromSeconds(1);

    /// <summary>The worker sends the outcome of a function after its task has ended, and not at all once its services are disposed. Without
    /// it, the host would deliver the message again.</summary>
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _interruption = new();
    private readonly CancellationTokenSource _abandonment = new();
    private readonly ConcurrentDictionary<Task, bool> _work = new();
    private readonly PosixSignalRegistration _signal;
    private readonly CancellationTokenRegistration _stopping;
    private bool _isSignaled;

    public RunsInHand(IHostApplicationLifetime lifetime)
    {
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Volatile.Write(ref _isSignaled, true));
        _stopping = lifetime.ApplicationStopping.Register(Interrupt);
    }

    /// <param name="work">Receives the token that interrupts it, and the one that ends it at once after that.</param>
    /// <param name="canceled">Interrupts it too.</param>
    public async Task DoAsync(Func<CancellationToken, CancellationToken, Task> work, CancellationToken canceled)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(canceled, _interruption.Token);
        Task task = work(either.Token, _abandonment.Token);
        _work[task] = true;
        try
        {
            await task;
        }
        finally
        {
            _work.TryRemove(task, out _);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Interrupt();
        if (_work.IsEmpty)
            return;
        await Task.WhenAll(_work.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(TimeToAnswer, CancellationToken.None);
    }

    public void Dispose()
    {
        _signal.Dispose();
        _stopping.Dispose();
        _interruption.Dispose();
        _abandonment.Dispose();
    }

    private void Interrupt()
    {
        if (_interruption.IsCancellationRequested)
            return;
        _abandonment.CancelAfter(Volatile.Read(ref _isSignaled) ? TimeToSave : ShortTimeToSave);
        _interruption.Cancel();
    }
}
