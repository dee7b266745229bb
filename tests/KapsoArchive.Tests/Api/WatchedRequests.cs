using KapsoArchive.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Api;

/// <summary>Knows whether a server waits for more of what a client sends, or is still at work on what it has.</summary>
internal sealed class WatchedRequests
{
    private int _underWay;
    private int _waiting;

    /// <summary>No request has come in whole, or one waits for the rest of its body.</summary>
    public bool WaitForMore => Volatile.Read(ref _underWay) == 0 || Volatile.Read(ref _waiting) > 0;

    public async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _underWay);
        context.Request.Body = new Body(this, context.Request.Body);
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private sealed class Body(WatchedRequests watch, Stream body) : InputStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref watch._waiting);
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref watch._waiting);
            }
        }
    }
}
