using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Archive;

/// <summary>The archive of one Kapso project: its source, store and settings. Created once per project; a process may hold
/// several.</summary>
/// <param name="services">Has the source, the store and the settings of the project under its name.</param>
/// <param name="project">Name of the project; null for the only one.</param>
public sealed class ProjectArchive(IServiceProvider services, string? project)
{
    /// <exception cref="OptionsValidationException">A setting of section <c>Kapso</c> is wrong.</exception>
    internal KapsoOptions Kapso => services.GetRequiredService<IOptionsMonitor<KapsoOptions>>().Get(NameOf(project));

    internal ArchiveOptions Options { get; } = services.GetRequiredService<IOptionsMonitor<ArchiveOptions>>().Get(NameOf(project));

    internal IStore Store { get; } = services.GetRequiredKeyedService<IStore>(project);

    internal RunLimits Limits { get; } = services.GetRequiredService<RunLimits>();

    internal TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    /// <summary>Shared by everything that reads from the source with the project's key.</summary>
    internal RateBudget Budget => services.GetRequiredKeyedService<RateBudget>(project);

    /// <returns>A client of the source with its own counters and clock. One run uses one.</returns>
    internal KapsoClient Connect() => services.GetRequiredKeyedService<KapsoClient>(project);

    private static string NameOf(string? project) => project ?? Microsoft.Extensions.Options.Options.DefaultName;
}
