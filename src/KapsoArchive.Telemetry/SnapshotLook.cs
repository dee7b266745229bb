using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.Hosting;

namespace KapsoArchive.Telemetry;

/// <summary>Reads the newest snapshot once when a host starts, so that its age is measured before the first run.</summary>
/// <param name="services">Resolved late, so that the component that needs a wrong setting reports it.</param>
internal sealed class SnapshotLook(IServiceProvider services, ILogger<SnapshotLook> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _ = await services.GetRequiredService<ArchiveStatus>().LatestManifestAsync(stoppingToken);
        }
        catch (Exception e) when (e is StoreException or SettingException)
        {
            TelemetryLogs.SnapshotUnknown(log, e);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program is stopping.
        }
    }
}
