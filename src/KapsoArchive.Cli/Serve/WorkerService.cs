using KapsoArchive.Core.Dispatch;

namespace KapsoArchive.Cli.Serve;

/// <summary>Carries out runs and exports while the server runs, beginning with work that the previous server left unfinished.</summary>
internal sealed class WorkerService(RunWorker worker, IOptions<ServeOptions> options) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(() => worker.RunAsync(options.Value.Workers, stoppingToken), CancellationToken.None);
}
