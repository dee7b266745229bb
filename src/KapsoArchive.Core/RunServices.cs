using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core;

/// <summary>Registers the services that execute runs.</summary>
public static class RunServices
{
    /// <summary>Adds <see cref="RunExecutor"/>, <see cref="ArchiveVerification"/>, <see cref="ArchiveStatus"/>, the services that accept
    /// runs and carry them out, and the store of section <c>Archive</c>.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ArchiveOptions>, RangeValidator<ArchiveOptions>>();
        services.AddOptions<ArchiveOptions>().Bind(configuration.GetSection(ArchiveOptions.Section)).ValidateOnStart();
        services.TryAddSingleton(new RunLimits());
        services.AddSingleton<IStore>(
            provider => StoreOpener.Open(
                provider.GetRequiredService<IOptions<ArchiveOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ProcessWaker>();
        services.AddSingleton<IWaker>(provider => provider.GetRequiredService<ProcessWaker>());
        services.AddTransient<RunParts>();
        services.AddTransient<RunExecutor>();
        services.AddTransient<ArchiveVerification>();
        services.AddTransient<ExportVerification>();
        services.AddTransient<ArchiveStatus>();
        services.AddTransient<RunReports>();
        services.AddTransient<ConversationHistories>();
        services.AddTransient<RunAttempt>();
        services.AddTransient<RunWorker>();
        services.AddTransient<ExportDesk>();
        services.AddTransient<NightlyRequest>();
        services.AddTransient<NightlyDesk>();
        return services;
    }

    /// <summary>Call after <see cref="AddRuns"/>: wake-ups go through the queue in the account of the function app's host, which its
    /// trigger reads.</summary>
    public static IServiceCollection AddQueueOfFunctions(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(_ => WakerOpener.OpenForFunctions(configuration));
}
