namespace KapsoArchive.Cli;

/// <summary>Reads the settings from appsettings.json in the working directory, the environment, the credentials of a service and the
/// command line; later sources override earlier ones.</summary>
internal static class CliSettings
{
    private const string SettingsFile = "appsettings.json";

    /// <summary>The folder in which systemd puts the credentials of a service: a file for each setting, such as
    /// <c>Kapso__ApiKey</c>.</summary>
    private const string Credentials = "CREDENTIALS_DIRECTORY";

    /// <param name="overrides">The settings given on the command line.</param>
    /// <exception cref="SettingException">The file cannot be read.</exception>
    public static IConfiguration Read(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        try
        {
            IConfigurationBuilder builder = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile(SettingsFile, optional: true)
                .AddEnvironmentVariables();
            if (Environment.GetEnvironmentVariable(Credentials) is { Length: > 0 } folder)
                builder.AddKeyPerFile(folder, optional: true);
            return builder.AddInMemoryCollection(overrides).Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException(
                $"{SettingsFile} in {Directory.GetCurrentDirectory()} cannot be read: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>The settings that <c>--out</c> overrides; empty if it is not given.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Destination(string? destination) =>
        destination is null ? [] : [new("Archive:Destination", destination), new("Archive:ConnectionString", null)];

    /// <summary>The zone of <c>--time-zone</c>; UTC if it is not given.</summary>
    /// <exception cref="SettingException">There is no such zone.</exception>
    public static ReadingZone Zone(string? name) => name is null ? ReadingZone.Utc
        : ReadingZone.Find(name) ?? throw new SettingException($"--time-zone: {ReadingZone.Objection(name)}");
}
