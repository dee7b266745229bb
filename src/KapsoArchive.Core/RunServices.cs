using KapsoArchive.Core.Backups;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Media;
using KapsoArchive.Core.Network;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Settings;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KapsoArchive.Core;

/// <summary>Registers the services that execute runs.</summary>
public static class RunServices
{
    /// <summary>Adds a <see cref="ProjectArchive"/> with the store of section <c>Archive</c>, and the services that work on
    /// it: <see cref="RunExecutor"/>, <see cref="ArchiveVerification"/>, <see cref="ArchiveStatus"/> and those that accept runs and carry
    /// them out.</summary>
    /// <param name="project">Key of the services; null for the only project. Its source is added by <c>AddKapso</c>.</param>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration, string? project = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new RunLimits());
        services.TryAddSingleton(PublicConnector.OfSystem);
        services.AddSettings<ArchiveOptions>(configuration, ArchiveOptions.Section, project);
        services.AddSettings<CallbackOptions>(configuration, CallbackOptions.Section, project);
        services.AddHttpClient(CallbackCall.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan) // A call has its own limit.
            .RemoveAllLoggers() // They would log addresses, which may contain secrets.
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<PublicConnector>().NewHandler());
        services.AddMediaClient();
        services.AddKeyedSingleton(project, (provider, _) => provider.GetRequiredKeyedService<ProjectArchive>(project).OpenStore());
        services.AddKeyedSingleton<ProcessWaker>(project);
        services.AddKeyedSingleton<IWaker>(project, (provider, _) => provider.GetRequiredKeyedService<ProcessWaker>(project));
        services.AddKeyedSingleton(project, (provider, _) => new ProjectArchive(provider, project));
        return services
            .AddOf<RunExecutor>(project)
            .AddOf<ArchiveBackup>(project)
            .AddOf<ArchiveVerification>(project)
            .AddOf<ExportVerification>(project)
            .AddOf<ArchiveStatus>(project)
            .AddOf<RunReports>(project)
            .AddOf<ConversationHistories>(project)
            .AddOf<RunWorker>(project)
            .AddOf<ExportDesk>(project)
            .AddOf<Callbacks>(project)
            .AddOf<NightlyRequest>(project)
            .AddOf<NightlyDesk>(project);
    }

    /// <summary>Call after <see cref="AddRuns"/>: wake-ups go through the queue in the account of the function app's host, which its
    /// trigger reads.</summary>
    public static IServiceCollection AddQueueOfFunctions(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(_ => WakerOpener.OpenForFunctions(configuration));

    private static IServiceCollection AddOf<T>(this IServiceCollection services, string? project)
        where T : class =>
        services.AddKeyedTransient(
            project, (provider, _) => ActivatorUtilities.CreateInstance<T>(new ProjectServices(provider, project)));

    /// <summary>The services of one project, and those that all projects share.</summary>
    private sealed class ProjectServices(IServiceProvider services, string? project) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            (project is null ? null : ((IKeyedServiceProvider)services).GetKeyedService(serviceType, project))
            ?? services.GetService(serviceType);
    }
}
