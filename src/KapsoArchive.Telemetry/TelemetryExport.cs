using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace KapsoArchive.Telemetry;

/// <summary>Begins and ends the sending of telemetry. Registered only where some is sent.</summary>
/// <param name="services">Asked late, so that this type names nothing of OpenTelemetry.</param>
public sealed class TelemetryExport(IServiceProvider services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>For a program without a host, which would do it: from now on spans and metrics are taken.</summary>
    public void Begin()
    {
        _ = services.GetService<TracerProvider>();
        _ = services.GetService<MeterProvider>();
    }

    /// <summary>Sends what was not sent yet and takes no more. A collector that does not answer is waited for five seconds in all.</summary>
    public Task EndAsync() => Task.WhenAll(
        InThread(patience => services.GetService<TracerProvider>()?.Shutdown(patience)),
        InThread(patience => services.GetService<MeterProvider>()?.Shutdown(patience)),
        InThread(patience => services.GetService<LoggerProvider>()?.Shutdown(patience)));

    /// <summary>They block, and what they wait for needs the threads of the pool.</summary>
    private static Task InThread(Action<int> shutdown) =>
        Task.Factory.StartNew(() => shutdown((int)Patience.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
