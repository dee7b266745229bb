namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Shares the requests in flight among the conversations being read: few conversations fetch pages ahead, many fetch one page at a
/// time each.</summary>
/// <param name="concurrency">Maximum number of requests in flight.</param>
internal sealed class RequestGate(int concurrency) : IDisposable
{
    private readonly SemaphoreSlim _free = new(concurrency);
    private int _reading;

    /// <summary>Number of requests that one conversation may have in flight at the moment.</summary>
    public int Window => Math.Max(1, concurrency / Math.Max(1, Volatile.Read(ref _reading)));

    public void BeginConversation() => Interlocked.Increment(ref _reading);

    public void EndConversation() => Interlocked.Decrement(ref _reading);

    public async Task<T> PassAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await request(cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
