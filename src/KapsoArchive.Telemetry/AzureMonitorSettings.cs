namespace KapsoArchive.Telemetry;

/// <summary>The Application Insights resource that telemetry is sent to, and the identity used.</summary>
/// <param name="ConnectionString">Never shown.</param>
/// <param name="UsesIdentity">Whether to sign in with a managed identity instead of the connection string's key.</param>
/// <param name="ClientId">The client id of a user-assigned identity; null for the system-assigned one.</param>
internal sealed record AzureMonitorSettings(string ConnectionString, bool UsesIdentity, string? ClientId)
{
    private const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <returns>Null if not configured.</returns>
    /// <exception cref="SettingException">A variable has an invalid value.</exception>
    public static AzureMonitorSettings? Read(IConfiguration configuration)
    {
        if (configuration[Connection]?.Trim() is not { Length: > 0 } connection)
            return null;
        Dictionary<string, string> parts = Parts(connection, Connection);
        if (!parts.TryGetValue("InstrumentationKey", out string? key) || !Guid.TryParse(key, out _))
            throw Wrong(Connection, "Copy it whole from the Application Insights resource: it begins with InstrumentationKey=.");
        if (parts.TryGetValue("IngestionEndpoint", out string? endpoint) && !Uri.TryCreate(endpoint, UriKind.Absolute, out _))
            throw Wrong(Connection, "Its IngestionEndpoint is not a URL.");

        if (configuration[Authentication]?.Trim() is not { Length: > 0 } authentication)
            return new AzureMonitorSettings(connection, UsesIdentity: false, ClientId: null);
        Dictionary<string, string> identity = Parts(authentication, Authentication);
        if (!identity.TryGetValue("Authorization", out string? how) || !how.Equals("AAD", StringComparison.OrdinalIgnoreCase))
            throw Wrong(Authentication, "Write Authorization=AAD, or ClientId=ID;Authorization=AAD for a user-assigned identity.");
        return new AzureMonitorSettings(connection, UsesIdentity: true, identity.GetValueOrDefault("ClientId"));
    }

    private static Dictionary<string, string> Parts(string text, string name)
    {
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, { Length: > 0 } value])
                throw Wrong(name, "It must be NAME=VALUE pairs, separated by semicolons.");
            parts[key] = value;
        }

        return parts;
    }

    private static SettingException Wrong(string name, string fix) => new($"{name} cannot be used. {fix}");
}
