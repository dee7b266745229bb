namespace KapsoArchive.Tests.Fencing;

/// <summary>Stops the thread that makes the nth call, until it may go on.</summary>
internal sealed class PausePoint(int at) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _goOn = new();

    public void Called(int call)
    {
        if (call != at)
            return;
        _reached.TrySetResult();
        _goOn.Wait(TestContext.Current.CancellationToken);
    }

    /// <returns>False if the work ended before it came so far.</returns>
    public async Task<bool> IsReachedAsync(Task work, CancellationToken cancellationToken) =>
        await Task.WhenAny(_reached.Task, work).WaitAsync(cancellationToken) == _reached.Task;

    public void GoOn() => _goOn.Set();

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }
}
