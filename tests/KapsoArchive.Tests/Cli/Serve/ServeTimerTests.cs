using KapsoArchive.Core.Journal;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The nightly run, by a clock in hand.</summary>
public sealed class ServeTimerTests : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 4, Messages = 200 };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 1, 59, 30, TimeSpan.Zero));
    private SandboxServer? _sandbox;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SandboxServer Sandbox => _sandbox!;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_nightly_run_starts_at_two()
    {
        await using ServeHost server = await StartAsync();
        (await server.RunsAsync()).ShouldBeEmpty();

        await AdvanceUntilAsync(server, runs: 1);

        ProgressDocument run = (await EndedAsync(server, 1)).ShouldHaveSingleItem();
        (run.Status, run.Trigger, run.Progress.Messages).ShouldBe((RunStatus.Succeeded, "timer", 200));
        run.CreatedAt.ShouldBeInRange(At(22, 2), At(22, 3), "the clock runs fast while it is begun");
    }

    [Fact]
    public async Task Every_night_has_one_run()
    {
        await using ServeHost server = await StartAsync();

        await AdvanceUntilAsync(server, runs: 1);
        await EndedAsync(server, 1);
        _time.SetUtcNow(At(23, 2).AddMinutes(-1));
        await AdvanceUntilAsync(server, runs: 2);
        IReadOnlyList<ProgressDocument> runs = await EndedAsync(server, 2);

        runs.Count.ShouldBe(2);
        runs.ShouldAllBe(r => r.Status == RunStatus.Succeeded);
        runs[1].CreatedAt.ShouldBeInRange(At(23, 2), At(23, 3));
    }

    [Fact]
    public async Task A_missed_nightly_run_is_made_up_for_once_at_the_start()
    {
        await using (ServeHost server = await StartAsync())
        {
            await AdvanceUntilAsync(server, runs: 1);
            await EndedAsync(server, 1);
        }

        _time.SetUtcNow(At(25, 9)); // Three nights later.
        await using ServeHost late = await StartAsync();
        IReadOnlyList<ProgressDocument> runs = await EndedAsync(late, 2);

        runs.Count.ShouldBe(2);
        runs[1].CreatedAt.ShouldBeInRange(At(25, 9), At(25, 10));
        _time.SetUtcNow(At(26, 2).AddMinutes(-1));
        await AdvanceUntilAsync(late, runs: 3);
        (await EndedAsync(late, 3))[2].CreatedAt.ShouldBeInRange(At(26, 2), At(26, 3));
    }

    [Fact]
    public async Task A_server_without_an_earlier_run_makes_up_for_nothing()
    {
        _time.SetUtcNow(At(22, 9));
        await using ServeHost server = await StartAsync();
        using HttpResponseMessage ready = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);

        ready.EnsureSuccessStatusCode();
        for (int hour = 10; hour < 24; hour++)
        {
            _time.SetUtcNow(At(22, hour));
            await Task.Yield();
        }

        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_under_way_serves_as_the_next_nightly_run()
    {
        var leave = new TaskCompletionSource();
        Sandbox.Listings.Moving(Sandbox.Data.Conversations[2].Id).After(0, _ => leave.Task.Wait(Cancellation));
        await using ServeHost server = await StartAsync();
        using (HttpResponseMessage started = await server.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), null, Cancellation))
            started.EnsureSuccessStatusCode();

        while (_time.GetUtcNow() < At(22, 2).AddMinutes(1))
        {
            _time.Advance(TimeSpan.FromSeconds(5)); // In steps, for the lock is renewed by this clock.
            await Task.Delay(20, Cancellation);
        }

        leave.SetResult();
        (await EndedAsync(server, 1)).ShouldHaveSingleItem().Trigger.ShouldBe("http");
    }

    private static DateTimeOffset At(int day, int hour) => new(2026, 11, day, hour, 0, 0, TimeSpan.Zero);

    /// <summary>Lets the clock go on until there are so many runs: in steps, since others than the schedule wait by it too.</summary>
    private async Task AdvanceUntilAsync(ServeHost server, int runs)
    {
        while ((await server.RunsAsync()).Count < runs)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(10, Cancellation);
        }
    }

    /// <summary>Waits for runs to end. The clock goes on, slowly: their locks are renewed by it, and what went wrong is tried again by it.</summary>
    private Task<IReadOnlyList<ProgressDocument>> EndedAsync(ServeHost server, int runs) => server.EndedRunsAsync(runs, () => _time.Advance(TimeSpan.FromSeconds(1)));

    private Task<ServeHost> StartAsync() => ServeHost.StartAsync(
        _time,
        [
            new("Kapso:ApiKey", World.ApiKey),
            new("Kapso:BaseUrl", Sandbox.BaseUrl.ToString()),
            new("Archive:Destination", _folder.Path),
            new("Archive:Conversations", "all"),
            new("Kapso:AttemptTimeout", "00:10:00"), // By the clock in hand, which runs fast.
        ]);
}
