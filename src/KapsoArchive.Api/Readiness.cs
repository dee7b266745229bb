using KapsoArchive.Api.Documents;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Api;

/// <summary>
/// Checks the store and the queue. No key is needed, so one check serves all requests of the next seconds,
/// and the answer is general; the details are logged.
/// </summary>
internal sealed class Readiness(IServiceProvider services, TimeProvider time, ILogger<ApiLog> log)
{
    public const string Ready = "ready";

    private const string Ok = "ok";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);

    private readonly Lock _gate = new();
    private Task<HealthDocument>? _look;
    private DateTimeOffset _lookedAt;

    /// <param name="cancellationToken">Stops waiting; the check continues, because other requests may wait for it.</param>
    public Task<HealthDocument> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_look is null || (_look.IsCompleted && now - _lookedAt >= Freshness))
            {
                _lookedAt = now;
                _look = Task.Run(LookAsync, CancellationToken.None);
            }

            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthDocument> LookAsync()
    {
        string[] checks = await Task.WhenAll(
            CheckAsync("store", "The store cannot be read.",
                cancellationToken => services.GetRequiredService<IStore>().ReadAsync(Latest, cancellationToken)),
            CheckAsync("queue", "The queue cannot be reached.",
                cancellationToken => services.GetRequiredService<IWaker>().PrepareAsync(cancellationToken)));
        return new HealthDocument(checks.All(c => c == Ok) ? Ready : "unready", new HealthChecks(checks[0], checks[1]));
    }

    private async Task<string> CheckAsync(string name, string failure, Func<CancellationToken, Task> check)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await check(patience.Token).WaitAsync(Patience, time, CancellationToken.None); // The check may ignore its token.
            return Ok;
        }
        catch (Exception e)
        {
            ApiLogs.NotReady(log, name, e);
            return e switch
            {
                SettingException or OptionsValidationException => "A setting of the server is wrong. Its log says which.",
                TimeoutException or OperationCanceledException => $"The {name} does not answer within {Patience.TotalSeconds:0} seconds.",
                _ => $"{failure} The server's log says why.",
            };
        }
    }
}
