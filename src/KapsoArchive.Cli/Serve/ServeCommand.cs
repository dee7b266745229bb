using KapsoArchive.Core.Dispatch;
using KapsoArchive.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting.Systemd;

namespace KapsoArchive.Cli.Serve;

/// <summary><c>kapso-archive serve</c>: serves the HTTP API and performs nightly runs and exports until it is stopped.</summary>
internal static class ServeCommand
{
    public static Task<int> ExecuteAsync(string? urls, string? destination, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            IConfiguration settings = CliSettings.Read(CliSettings.Destination(destination));
            await using WebApplication app = ServeApp.Build(settings, urls, TimeProvider.System);
            var archive = app.Services.GetRequiredService<ProjectArchive>();
            archive.CheckSettings();
            _ = (archive.Read<ApiOptions>(), archive.Read<ServeOptions>()); // The operator sees an error before the first call.
            IStore store = app.Services.GetRequiredService<IStore>();
            await StoreOpener.PrepareAsync(store, cancellationToken);
            await StoreOpener.RefuseCopyAsync(store, cancellationToken);
            if (store.Remark is { } remark)
                await Terminal.TellAsync(remark);
            await StartAsync(app, ServeAddress.Of(urls, settings, app.Services.GetRequiredService<ApiKeys>()), cancellationToken);
            await Terminal.SayAsync(Greeting(app, settings));
            var supervisor = new SystemdNotifier(); // Does nothing if systemd did not start the program.
            supervisor.Notify(ServiceState.Ready);

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            supervisor.Notify(ServiceState.Stopping);
            await Terminal.TellAsync("Stopping: runs save their progress and continue when the server starts again.");
            await app.StopAsync(CancellationToken.None);
            if (app.Services.GetService<TelemetryExport>() is { } telemetry)
                await telemetry.EndAsync();
            return ExitCode.Complete;
        },
        json: false, cancellationToken, "Interrupted before the server had started.");

    private static async Task StartAsync(WebApplication app, string[] addresses, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new SettingException(
                $"--urls: cannot listen there: {e.Message.TrimEnd('.')}. Choose another address, such as --urls http://127.0.0.1:5082.", e);
        }
        catch (InvalidOperationException e) when (
            addresses.Any(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            throw new SettingException("--urls: https needs a certificate, and there is none. Listen on http behind a proxy that has " +
                "one; on a developer's machine, dotnet dev-certs https creates one.", e);
        }
    }

    private static string Greeting(WebApplication app, IConfiguration settings)
    {
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        NightlySchedule schedule = app.Services.GetRequiredService<NightlySchedule>();
        bool isNightly = !string.IsNullOrWhiteSpace(settings["Archive:Conversations"]);
        bool hasKeys = app.Services.GetRequiredService<ApiKeys>().AreNeeded;
        string nightly = isNightly
            ? $"{schedule}, next {schedule.After(TimeProvider.System.GetUtcNow()):yyyy-MM-dd HH:mm:ss} UTC"
            : "never: Archive:Conversations (environment Archive__Conversations) is not set";
        string keys = hasKeys
            ? "needed, in the header x-functions-key"
            : "none: only this machine can call. Set Api:Keys (environment Api__Keys) to let others in";
        return $"""
            Listens   {address}
            Lake      {app.Services.GetRequiredService<IStore>().Location}
            Nightly   {nightly}
            Keys      {keys}

            Try it:
              curl {FromHere(address)}/api/health/ready
              or open {FromHere(address)}/ in a browser

            Ctrl+C ends it.
            """;
    }

    /// <summary>Replaces a wildcard address by one that a client can call.</summary>
    private static string FromHere(string address) =>
        address.Replace("://[::]", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal);
}
