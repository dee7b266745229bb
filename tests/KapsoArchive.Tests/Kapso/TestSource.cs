using KapsoArchive.Core.Kapso;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Kapso;

/// <summary>The source as programs register it, over a transport of the test or the real network.</summary>
internal sealed class TestSource : IAsyncDisposable
{
    /// <summary>A key that no message may hold.</summary>
    public const string Key = "kp_0123456789-do-not-show";

    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(31);

    private readonly ServiceProvider _provider;

    private readonly FakeTimeProvider? _clock;

    private TestSource(ServiceProvider provider, FakeTimeProvider? clock) => (_provider, _clock) = (provider, clock);

    public KapsoClient Client => field ??= _provider.GetRequiredService<KapsoClient>();

    public SourceCounters Counters => Client.Counters;

    /// <summary>Without a clock the pauses before retries are none, and the time-out is the real clock's.</summary>
    public static TestSource Over(HttpMessageHandler transport, TimeProvider? time = null, int maxRetries = 2) => Create(
        new Uri("https://kapso.test/api/v1/"), transport, time, maxRetries, time is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1));

    /// <summary>Over the real network, to a server of the test.</summary>
    public static TestSource At(Uri baseUrl, string key = Key) => Create(baseUrl, transport: null, time: null, maxRetries: 2, TimeSpan.Zero, key);

    public Task<Page> GetPageAsync() => Client.GetMessagesAsync("c1", 1, 100, retries: null, TestContext.Current.CancellationToken);

    public async Task<KapsoException> FailAsync() => await Should.ThrowAsync<KapsoException>(GetPageAsync);

    public async ValueTask DisposeAsync()
    {
        // The pipeline waits, on its own clock, for calls that are just returning.
        Task disposing = _provider.DisposeAsync().AsTask();
        while (!disposing.IsCompleted && _clock is not null)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await disposing;
    }

    private static TestSource Create(Uri baseUrl, HttpMessageHandler? transport, TimeProvider? time, int maxRetries, TimeSpan retryDelay, string key = Key)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kapso:ApiKey"] = key,
            ["Kapso:BaseUrl"] = baseUrl.ToString(),
            ["Kapso:MaxRetries"] = $"{maxRetries}",
            ["Kapso:RetryDelay"] = $"{retryDelay}",
            ["Kapso:AttemptTimeout"] = $"{AttemptTimeout}",
        }).Build();
        var services = new ServiceCollection();
        if (time is not null)
            services.AddSingleton(time);
        services.AddKapso(configuration);
        if (transport is not null)
            services.AddHttpClient(nameof(KapsoClient)).ConfigurePrimaryHttpMessageHandler(() => transport);
        return new TestSource(services.BuildServiceProvider(), time as FakeTimeProvider);
    }
}
