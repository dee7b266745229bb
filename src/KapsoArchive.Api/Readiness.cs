using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Api;

/// <summary>Checks the settings, the store and the queue. No key is needed, so one check serves all requests of the next seconds, and the
/// answer is general; the details are logged.</summary>
/// <param name="needsNight">Whether a host without a nightly run is not ready.</param>
internal sealed class Readiness(IServiceProvider services, TimeProvider time, ILogger<ApiLog> log, bool needsNight)
{
    public const string Ready = "ready";

    private const string Ok = "ok";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);
    private static readonly StorePath Nothing = new(StoreArea.Data, Layout.LatestName);

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

    /// <summary>Names the settings that must be set right, in a sentence; null if all are right.</summary>
    public string? SettingsProblem()
    {
        try
        {
            CheckSettings();
            return null;
        }
        catch (SettingException e)
        {
            return Sentence(e);
        }
    }

    private static string Sentence(Exception setting) =>
        $"Correct {SettingNames.In(setting.Message)} on the server. The server's log says how.";

    private void CheckSettings()
    {
        services.GetRequiredService<ProjectArchive>().CheckSettings();
        if (!needsNight)
            return;
        _ = services.GetRequiredService<NightlySchedule>();
        services.GetRequiredService<NightlyRequest>().CheckIsSet();
    }

    private async Task<HealthDocument> LookAsync()
    {
        string[] checks = await Task.WhenAll(
            CheckAsync("settings", "The settings cannot be read.", _ =>
            {
                CheckSettings();
                return Task.CompletedTask;
            }),
            CheckAsync("store", "The store cannot be read.",
                async cancellationToken =>
                {
                    IStore store = services.GetRequiredService<IStore>();
                    await store.ReadAsync(Latest, cancellationToken);
                    await store.ReadAsync(Nothing, cancellationToken); // Fails if the container is missing.
                }),
            CheckAsync("queue", "The queue cannot be reached.",
                cancellationToken => services.GetRequiredService<IWaker>().PrepareAsync(cancellationToken)));
        return new HealthDocument(checks.All(c => c == Ok) ? Ready : "unready", new HealthChecks(checks[0], checks[1], checks[2]));
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
                SettingException or OptionsValidationException => Sentence(e),
                TimeoutException or OperationCanceledException => $"The {name} does not answer within {Patience.TotalSeconds:0} seconds.",
                _ => $"{failure} The server's log says why.",
            };
        }
    }
}
