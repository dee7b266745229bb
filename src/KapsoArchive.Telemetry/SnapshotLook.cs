using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Telemetry;

/// <summary>Looks at the newest snapshot once, when a host starts, so that its age is measured before the first run.</summary>
/// <param name="services">Asked late: settings that are wrong are told by whoever needs them.</param>
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
            Logs.SnapshotUnknown(log, e);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }
}
