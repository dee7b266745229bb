using KapsoArchive.Api.FrontDoor;
using KapsoArchive.Api.FrontDoor.Conversations;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KapsoArchive.Api;

/// <summary>Registers the services of the API.</summary>
public static class ArchiveApiServices
{
    /// <summary>Adds <see cref="ExportsApi"/>, <see cref="ConversationsApi"/>, <see cref="RunsApi"/>, <see cref="SnapshotsApi"/> and
    /// <see cref="HealthApi"/>, and the browser's pages. Needs <c>AddRuns</c>.</summary>
    /// <param name="needsNight">Whether the host exists for its nightly run. Then it is ready only if a <see cref="NightlySchedule"/> and
    /// the conversations are set.</param>
    public static IServiceCollection AddArchiveApi(this IServiceCollection services, bool needsNight = false)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Readiness(
            provider, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiLog>>(), needsNight));
        services.AddTransient<ExportFiles>();
        services.AddSingleton<StatusWriter>(StatusDocuments.OfCallback);
        services.AddTransient<ExportsApi>();
        services.AddTransient<ConversationsApi>();
        services.AddTransient<RunsApi>();
        services.AddTransient<SnapshotsApi>();
        services.AddSingleton<FrontDoorState>();
        services.AddTransient<FrontDoorViews>();
        services.AddTransient<SignInViews>();
        services.AddSingleton<ArchiveReading>();
        services.AddTransient<ReadingViews>();
        services.AddTransient(provider => new HealthApi(provider.GetRequiredService<Readiness>()));
        return services;
    }
}
