using System.Net;
using System.Net.Sockets;
using System.Text;
using KapsoArchive.Api;
using KapsoArchive.Core;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Api;

/// <summary>The API behind a real server on this machine.</summary>
internal sealed class ApiHost : IApiDoor
{
    private readonly WebApplication _app;
    private readonly WatchedConnections _connections;

    private ApiHost(WebApplication app, WatchedConnections connections, RecordingQueue queue, LogBook log)
    {
        _app = app;
        _connections = connections;
        Queue = queue;
        Log = log;
        Url = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public RecordingQueue Queue { get; }

    public LogBook Log { get; }

    public IServiceProvider Services => _app.Services;

    public string[] Problems => Log.Problems;

    public Task<IReadOnlyCollection<RunMessage>> MessagesAsync() => Task.FromResult(Queue.Messages);

    /// <param name="store">Null: as the settings say.</param>
    /// <param name="source">The source's API; null for none that answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="needsNight">Whether it is a host as the function app is, which exists for its nightly run.</param>
    /// <param name="services">Replaces services.</param>
    /// <param name="settings">More settings.</param>
    public static async Task<ApiHost> StartAsync(IStore? store, Uri? source = null, TimeProvider? time = null, bool needsNight = false, Action<IServiceCollection>? services = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            RunHarness.LastOfEach([
            new("Kapso:ApiKey", "sandbox-key"),
            new("Kapso:BaseUrl", (source ?? new Uri("http://127.0.0.1:9/api/v1/")).ToString()),
            new("Kapso:MaxRetries", "0"),
            new("Archive:Media", "none"), // The links of most tests lead nowhere.
            .. settings,
        ]));
        var connections = new WatchedConnections();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Watch)));
        var queue = new RecordingQueue();
        var log = new LogBook();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddKapso(builder.Configuration).AddRuns(builder.Configuration).AddSingleton<IWaker>(queue).AddArchiveApi(needsNight);
        builder.Services.AddSingleton(_ => NightlySchedule.ParseOfFunctions(builder.Configuration["ArchiveSchedule"]));
        if (store is not null)
            builder.Services.AddSingleton(store);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapArchiveApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiHost(app, connections, queue, log);
    }

    public async Task WorkAsync()
    {
        while (Queue.TryTake(out RunMessage? message))
            await Services.GetRequiredService<RunWorker>().HandleAsync(message!, TestContext.Current.CancellationToken);
    }

    public Task<string> SendRawAsync(byte[] request, CancellationToken cancellationToken) =>
        SendRawAsync(request, async (socket, reading) =>
        {
            // The server takes the end of what a client sends for its going away, and drops what it is at, so it comes only where the
            // server waits.
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            while (!reading.IsCompleted && !_connections.WaitsForMore(port, request.Length))
                await Task.WhenAny(reading, Task.Delay(1, cancellationToken));
            if (!reading.IsCompleted)
                socket.Shutdown(SocketShutdown.Send);
        }, cancellationToken);

    public Task<string> SendWholeAsync(byte[] request, CancellationToken cancellationToken) => SendRawAsync(request, (_, _) => Task.CompletedTask, cancellationToken);

    public static int StatusOf(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer[9..12]) : 0;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<string> SendRawAsync(byte[] request, Func<Socket, Task, Task> waitAsync, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Url.Host, Url.Port, cancellationToken);
        await using NetworkStream stream = socket.GetStream();
        using MemoryStream answer = new();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            Task reading = stream.CopyToAsync(answer, cancellationToken);
            await waitAsync(socket.Client, reading);
            await reading;
        }
        catch (IOException)
        {
            // The server had heard enough. What it said until then counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
