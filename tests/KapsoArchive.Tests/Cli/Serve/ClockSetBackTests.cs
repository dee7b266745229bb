using KapsoArchive.Core.Journal;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>A server that starts after a run from the future: no night waits until its time has come.</summary>
public sealed class ClockSetBackTests : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 3, Messages = 90 };
    private static readonly DateTimeOffset Wrong = new(2027, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Right = new(2026, 11, 22, 1, 50, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Wrong);
    private SandboxServer? _sandbox;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _sandbox!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_does_not_wait_for_a_run_from_the_future()
    {
        await using (ServeHost wrong = await StartAsync())
        {
            using HttpResponseMessage started = await wrong.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), null, Cancellation);
            started.EnsureSuccessStatusCode();
            await EndedAsync(wrong, runs: 1);
        }

        _time.AdjustTime(Right);
        await using ServeHost server = await StartAsync();
        IReadOnlyList<ProgressDocument> runs = await EndedAsync(server, runs: 2);

        runs.ShouldAllBe(r => r.Status == RunStatus.Succeeded);
        runs[1].CreatedAt.ShouldBeInRange(Right, Right.AddDays(1), "the clock in hand runs fast, the more so on a busy machine");
        string.CompareOrdinal(runs[1].RunId, runs[0].RunId).ShouldBeGreaterThan(0);
    }

    /// <summary>Waits for runs to end. The clock goes on in steps, since locks and retries wait by it too.</summary>
    private Task<IReadOnlyList<ProgressDocument>> EndedAsync(ServeHost server, int runs) => server.EndedRunsAsync(runs, () => _time.Advance(TimeSpan.FromSeconds(5)));

    private Task<ServeHost> StartAsync() => ServeHost.StartAsync(
        _time,
        [
            new("Kapso:ApiKey", World.ApiKey),
            new("Kapso:BaseUrl", _sandbox!.BaseUrl.ToString()),
            new("Archive:Destination", _folder.Path),
            new("Archive:Conversations", "all"),
            new("Kapso:AttemptTimeout", "00:10:00"), // By the clock in hand, which runs fast.
        ]);
}
