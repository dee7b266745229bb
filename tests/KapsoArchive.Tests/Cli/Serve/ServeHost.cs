using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The server in this process, with a clock in the test's hand.</summary>
internal sealed class ServeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServeHost(WebApplication app)
    {
        _app = app;
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
    }

    public HttpClient Http { get; }

    /// <summary>What is logged since it has started.</summary>
    public LogBook Log { get; } = new();

    /// <summary>Where the server listens.</summary>
    public IEnumerable<string> Addresses => _app.Urls;

    public IStore Store => _app.Services.GetRequiredService<IStore>();

    public static async Task<ServeHost> StartAsync(TimeProvider time, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(RunHarness.LastOfEach(
            [
                new("Logging:Console:LogLevel:Default", "None"), // It is read in the log book.
                new("Archive:Media", "none"), // The links of most tests lead nowhere.
                .. settings,
            ])).Build();
        WebApplication app = ServeApp.Build(configuration, "http://127.0.0.1:0", time);
        await app.Services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServeHost(app);
    }

    /// <summary>The records of all archive runs, oldest first.</summary>
    public async Task<IReadOnlyList<ProgressDocument>> RunsAsync()
    {
        var records = new ProgressDocuments(Store);
        List<ProgressDocument> runs = [];
        foreach (string id in (await records.ListAsync(TestContext.Current.CancellationToken)).Reverse())
            runs.Add((await records.ReadAsync(id, TestContext.Current.CancellationToken))!);
        return runs;
    }

    /// <summary>Waits until there are so many runs, and all have ended.</summary>
    public async Task<IReadOnlyList<ProgressDocument>> EndedRunsAsync(int count, Action meanwhile)
    {
        while (true)
        {
            IReadOnlyList<ProgressDocument> runs = await RunsAsync();
            if (runs.Count >= count && runs.All(r => r.HasEnded))
                return runs;
            meanwhile();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
