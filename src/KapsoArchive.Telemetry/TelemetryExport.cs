using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;

namespace KapsoArchive.Telemetry;

/// <summary>Starts and stops telemetry. Registered only if an exporter is configured.</summary>
/// <param name="services">Resolved late, so that this type does not reference OpenTelemetry.</param>
public sealed class TelemetryExport(IServiceProvider services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts the collection of spans and metrics, for a program without a host.</summary>
    public void Begin()
    {
        _ = services.GetService<TracerProvider>();
        _ = services.GetService<MeterProvider>();
    }

    /// <summary>Sends the remaining telemetry and stops. Waits at most five seconds in all for a collector that does not answer.</summary>
    public Task EndAsync() => Task.WhenAll(
        InThread(patience => services.GetService<TracerProvider>()?.Shutdown(patience)),
        InThread(patience => services.GetService<MeterProvider>()?.Shutdown(patience)),
        InThread(patience => services.GetService<LoggerProvider>()?.Shutdown(patience)));

    /// <summary>Shutdown blocks, and the work it waits for needs threads of the pool.</summary>
    private static Task InThread(Action<int> shutdown) =>
        Task.Factory.StartNew(() => shutdown((int)Patience.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
}
