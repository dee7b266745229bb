using KapsoArchive.Core;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Functions;

/// <summary>Composes the function app. A wrong setting does not stop it: whoever needs the setting names it.</summary>
internal static class FunctionApp
{
    /// <summary>Runs and exports that one instance carries out at once: <c>batchSize</c> and <c>newBatchThreshold</c> of the queues in
    /// <c>host.json</c> together. The host asks for more messages while at most <c>newBatchThreshold</c> are in progress.</summary>
    public const int RunsAtOnce = 4;

    /// <summary>The host does not filter what a worker logs, so the worker does.</summary>
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.Ordinal)
    {
        ["KapsoArchive"] = LogLevel.Information,
        ["Azure"] = LogLevel.Error, // A missing blob is a warning there, and an ordinary answer here.
        ["Polly"] = LogLevel.Error, // A run counts its retries.
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = LogLevel.Warning, // A query may contain a key.
        ["Microsoft.AspNetCore.Server.Kestrel.BadRequests"] = LogLevel.Warning,
        ["Microsoft.AspNetCore.DataProtection"] = LogLevel.None, // It reports that it has no keys.
    };

    public static void Configure(IHostApplicationBuilder builder)
    {
        IConfiguration configuration = builder.Configuration;
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        foreach ((string category, LogLevel level) in Levels)
            builder.Logging.AddFilter(category, level);

        builder.Services.AddSingleton(RunLimits.Shared(RunsAtOnce));
        builder.Services
            .AddKapso(configuration)
            .AddRuns(configuration)
            .AddQueueOfFunctions(configuration)
            .AddArchiveApi(needsNight: true)
            .AddVisibleLogs();
        builder.Services.AddSingleton(_ => NightlySchedule.ParseOfFunctions(configuration["ArchiveSchedule"]));
        builder.Services.AddSingleton<IValidateOptions<ArchiveOptions>>(new SliceTimeout(configuration));
        builder.Services.AddHostedService<StartPreparation>();
        builder.Services.AddSingleton<RunsInHand>().AddHostedService(provider => provider.GetRequiredService<RunsInHand>());
        // Nothing of the app uses it; no keys are kept.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
        AddTelemetry(builder.Services, configuration);
    }

    /// <summary>A wrong variable of telemetry leaves the app without telemetry, and is reported at the start.</summary>
    private static void AddTelemetry(IServiceCollection services, IConfiguration configuration)
    {
        try
        {
            services.AddTelemetryOfFunctions(configuration, telemetry => telemetry.UseFunctionsWorkerDefaults());
        }
        catch (SettingException e)
        {
            services.AddHostedService(provider => new StartReport(provider.GetRequiredService<ILogger<StartReport>>(), e));
        }
    }
}
