using KapsoArchive.Core;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Telemetry;

namespace KapsoArchive.Cli;

/// <summary>Composes the core for one command from appsettings.json, the environment and the command line; later sources override earlier
/// ones.</summary>
internal sealed class CliServices : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private CliServices(ServiceProvider provider) => _provider = provider;

    public ArchiveOptions Archive => _provider.GetRequiredService<ProjectArchive>().Options;

    public IStore Store => _provider.GetRequiredService<IStore>();

    public IServiceProvider All => _provider;

    /// <summary>A service of the core.</summary>
    public T Get<T>()
        where T : class => _provider.GetRequiredService<T>();

    /// <param name="overrides">The settings given on the command line.</param>
    /// <param name="needsSource">False for a command that does not call the source: its settings are then not validated, and no key is
    /// needed.</param>
    /// <param name="logs">Where its logs go besides telemetry; null for nowhere.</param>
    /// <exception cref="SettingException">A setting is wrong; the message names it. The source has not been called.</exception>
    public static CliServices Create(
        IEnumerable<KeyValuePair<string, string?>> overrides, bool needsSource = true, Action<ILoggingBuilder>? logs = null)
    {
        IConfiguration configuration = CliSettings.Read(overrides);
        ServiceProvider provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("KapsoArchive", LogLevel.Information))
            .AddLogging(logs ?? (_ => { }))
            .AddKapso(configuration)
            .AddRuns(configuration)
            .AddTelemetry(configuration)
            .AddVisibleLogs()
            .BuildServiceProvider();
        try
        {
            var archive = provider.GetRequiredService<ProjectArchive>();
            if (needsSource)
                archive.CheckSource();
            _ = archive.VerificationParts; // Reads the options, too.
            provider.GetService<TelemetryExport>()?.Begin();
            return new CliServices(provider);
        }
        catch (SettingException)
        {
            provider.Dispose();
            throw;
        }
    }

    /// <summary>Composes the core for a command that does not call the source.</summary>
    /// <param name="destination">The value of <c>--out</c>; null to use the setting.</param>
    /// <exception cref="SettingException">As above.</exception>
    public static CliServices ForStore(string? destination) =>
        Create(CliSettings.Destination(destination), needsSource: false);

    /// <summary>As <see cref="ForStore"/>, for a command that is a server: its logs go to stderr.</summary>
    /// <exception cref="SettingException">As above.</exception>
    public static CliServices ForServer(string? destination) =>
        Create(CliSettings.Destination(destination), needsSource: false, logging => logging.AddErrorLogs());

    public async ValueTask DisposeAsync()
    {
        if (_provider.GetService<TelemetryExport>() is { } telemetry)
            await telemetry.EndAsync();
        await _provider.DisposeAsync();
    }
}
