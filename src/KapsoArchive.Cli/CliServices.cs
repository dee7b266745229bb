using KapsoArchive.Core;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Cli;

/// <summary>Composes the core for one command from appsettings.json, the environment and the command line; later sources override earlier
/// ones.</summary>
internal sealed class CliServices : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private CliServices(ServiceProvider provider) => _provider = provider;

    public ArchiveOptions Archive => _provider.GetRequiredService<IOptions<ArchiveOptions>>().Value;

    public IStore Store => _provider.GetRequiredService<IStore>();

    public ExportVerification ExportVerification => _provider.GetRequiredService<ExportVerification>();

    public ArchiveVerification Verification => _provider.GetRequiredService<ArchiveVerification>();

    public ArchiveStatus Status => _provider.GetRequiredService<ArchiveStatus>();

    public RunReports Reports => _provider.GetRequiredService<RunReports>();

    public ConversationHistories Histories => _provider.GetRequiredService<ConversationHistories>();

    public RunExecutor Executor => _provider.GetRequiredService<RunExecutor>();

    /// <param name="overrides">The settings given on the command line.</param>
    /// <param name="needsSource">False for a command that does not call the source: its settings are then not validated, and no key is
    /// needed.</param>
    /// <exception cref="SettingException">A setting is wrong; the message names it. The source has not been called.</exception>
    public static CliServices Create(IEnumerable<KeyValuePair<string, string?>> overrides, bool needsSource = true)
    {
        ServiceProvider? provider = null;
        try
        {
            IConfiguration configuration = CliSettings.Read(overrides);
            provider = new ServiceCollection()
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("KapsoArchive", LogLevel.Information))
                .AddKapso(configuration)
                .AddRuns(configuration)
                .AddTelemetry(configuration)
                .AddVisibleLogs()
                .BuildServiceProvider();
            if (needsSource)
                _ = provider.GetRequiredService<IOptions<KapsoOptions>>().Value;
            _ = provider.GetRequiredService<IOptions<ArchiveOptions>>().Value;
            provider.GetService<TelemetryExport>()?.Begin();
            return new CliServices(provider);
        }
        catch (OptionsValidationException e)
        {
            provider?.Dispose();
            throw new SettingException(string.Join(Environment.NewLine, e.Failures), e);
        }
    }

    /// <summary>Composes the core for a command that does not call the source.</summary>
    /// <param name="destination">The value of <c>--out</c>; null to use the setting.</param>
    /// <exception cref="SettingException">As above.</exception>
    public static CliServices ForStore(string? destination) =>
        Create(CliSettings.Destination(destination), needsSource: false);

    public async ValueTask DisposeAsync()
    {
        if (_provider.GetService<TelemetryExport>() is { } telemetry)
            await telemetry.EndAsync();
        await _provider.DisposeAsync();
    }
}
