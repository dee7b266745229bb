using System.Globalization;
using System.Net;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Kapso;

/// <summary>The budget in its place: below retries, above the time-out of an attempt, as the programs put it together.</summary>
public sealed class RateBudgetPipelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 0, 2, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_for_the_next_window_is_not_a_failure()
    {
        using var source = new ScriptedSource(_time, number => number switch
        {
            1 => Limited(HttpStatusCode.OK, 0),
            2 => Limited(HttpStatusCode.TooManyRequests, 0, ("Retry-After", "60")),
            _ => Limited(HttpStatusCode.OK, 100 - number),
        });
        await using ServiceProvider services = Build(source, ("Kapso:MaxRetries", "0"), ("Kapso:AttemptTimeout", "00:00:05"));

        SourceCounters counters = await AskAsync(services, 3);

        source.Requests.Count.ShouldBe(4);
        source.Requests[1].At.ShouldBeGreaterThan(Start + TimeSpan.FromSeconds(57), "the limit was used up for that minute");
        (counters.Requests, counters.Retries, counters.Throttled).ShouldBe((4, 1, 1));
    }

    [Fact]
    public async Task A_retry_waits_for_the_budget_too()
    {
        using var source = new ScriptedSource(_time, number => number == 1 ? Limited(HttpStatusCode.InternalServerError, 0) : Limited(HttpStatusCode.OK, 100 - number));
        await using ServiceProvider services = Build(source, ("Kapso:MaxRetries", "1"), ("Kapso:RetryDelay", "00:00:00"));

        await AskAsync(services, 1);

        source.Requests[1].At.ShouldBeGreaterThan(Start + TimeSpan.FromSeconds(57));
    }

    [Fact]
    public async Task A_redirect_that_is_followed_waits_for_the_budget_too()
    {
        using var source = new ScriptedSource(_time, number => number == 1
            ? Limited(HttpStatusCode.TemporaryRedirect, 0, ("Location", "https://source.test/moved"))
            : Limited(HttpStatusCode.OK, 100 - number));
        await using ServiceProvider services = Build(source);

        await AskAsync(services, 1);

        source.Requests[1].Path.ShouldBe("/moved");
        source.Requests[1].At.ShouldBeGreaterThan(Start + TimeSpan.FromSeconds(57));
    }

    [Fact]
    public async Task A_hundred_refusals_neither_fail_a_request_nor_break_the_circuit()
    {
        using var source = new ScriptedSource(_time, number => ScriptedSource.Answer(number <= 100 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK, ("Retry-After", "1")));
        await using ServiceProvider services = Build(source, ("Kapso:MaxRetries", "0"));

        await AskAsync(services, 1);

        source.Requests.Count.ShouldBe(101);
    }

    [Fact]
    public async Task Requests_held_back_by_an_open_circuit_are_not_charged()
    {
        using var source = new ScriptedSource(_time, _ => Limited(HttpStatusCode.ServiceUnavailable, 90));
        await using ServiceProvider services = Build(source, ("Kapso:MaxRetries", "0"));
        KapsoClient client = services.GetRequiredService<KapsoClient>();

        for (int i = 0; i < 30; i++)
            await Should.ThrowAsync<KapsoException>(client.GetConversationsAsync(1, 1, null, Cancellation));

        source.Requests.Count.ShouldBeLessThan(30);
        RateBudgetState state = services.GetRequiredService<RateBudget>().State;
        (state.Sent, state.InFlight).ShouldBe((source.Requests.Count, 0));
    }

    [Fact]
    public async Task The_sandbox_is_read_through_its_windows_without_a_refusal()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { RateLimit = 12 }, _time, Cancellation);
        await using ServiceProvider services = Build(null, ("Kapso:BaseUrl", sandbox.BaseUrl.ToString()));

        await AskAsync(services, 40);

        (sandbox.RequestCount, sandbox.ThrottledCount).ShouldBe((40, 0));
    }

    [Fact]
    public async Task The_whole_limit_of_short_windows_is_used()
    {
        TimeSpan window = TimeSpan.FromMilliseconds(500);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { RateLimit = 40, Window = window }, _time, Cancellation);
        await using ServiceProvider services = Build(
            null, collection => collection.AddSingleton<TimeProvider>(_time).PostConfigure<KapsoOptions>(o => o.RateWindow = window), ("Kapso:BaseUrl", sandbox.BaseUrl.ToString()), ("Kapso:RateShare", "1"));

        await AskAsync(services, 240);

        (sandbox.RequestCount, sandbox.ThrottledCount).ShouldBe((240, 0));
    }

    [Theory]
    [InlineData("Kapso:RateShare", "0.04", "Kapso:RateShare (environment Kapso__RateShare) must be a number from 0.05 to 1.")]
    [InlineData("Kapso:RateShare", "1.01", "Kapso:RateShare (environment Kapso__RateShare) must be a number from 0.05 to 1.")]
    [InlineData("Kapso:RateShare", "NaN", "Kapso:RateShare (environment Kapso__RateShare) must be a number from 0.05 to 1.")]
    [InlineData("Kapso:MaxConcurrency", "0", "Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.")]
    [InlineData("Kapso:RequestsPerMinute", "0", "Kapso:RequestsPerMinute (environment Kapso__RequestsPerMinute) must be a number from 1 to 100000, or left out.")]
    [InlineData("Kapso:RequestsPerMinute", "100001", "Kapso:RequestsPerMinute (environment Kapso__RequestsPerMinute) must be a number from 1 to 100000, or left out.")]
    public async Task A_setting_out_of_range_is_named(string setting, string value, string message)
    {
        await using ServiceProvider services = Build(null, (setting, value));
        Should.Throw<OptionsValidationException>(services.GetRequiredService<RateBudget>).Message.ShouldContain(message);
    }

    private HttpResponseMessage Limited(HttpStatusCode status, int remaining, params (string, string)[] more) => ScriptedSource.Answer(
        status,
        [
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", remaining.ToString(CultureInfo.InvariantCulture)),
            ("Date", _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
            .. more,
        ]);

    /// <summary>Asks so often, at the same time, and moves the clock whenever nothing is left to do but wait for it.</summary>
    private async Task<SourceCounters> AskAsync(ServiceProvider services, int times)
    {
        KapsoClient client = services.GetRequiredService<KapsoClient>();
        RateBudget budget = services.GetRequiredService<RateBudget>();
        Task asked = Task.WhenAll(Enumerable.Range(0, times).Select(_ => client.GetConversationsAsync(1, 1, null, Cancellation)));
        while (!asked.IsCompleted)
        {
            if (budget.State is { Waiting: > 0, InFlight: 0 })
                _time.Advance(TimeSpan.FromMilliseconds(100));
            else
                await Task.WhenAny(asked, Task.Delay(1, Cancellation));
        }

        await asked;
        return client.Counters;
    }

    private ServiceProvider Build(HttpMessageHandler? source, params (string Name, string Value)[] settings) =>
        Build(source, services => services.AddSingleton<TimeProvider>(_time), settings);

    private static ServiceProvider Build(HttpMessageHandler? source, Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Kapso:ApiKey", "sandbox-key"), new("Kapso:BaseUrl", "https://source.test/")])
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value)))
            .Build();
        IServiceCollection services = new ServiceCollection().AddLogging();
        configure(services);
        services.AddKapso(configuration);
        if (source is not null)
            services.AddHttpClient<KapsoClient>().ConfigurePrimaryHttpMessageHandler(() => source);
        return services.BuildServiceProvider();
    }
}
