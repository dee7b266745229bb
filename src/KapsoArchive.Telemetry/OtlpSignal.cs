using System.Globalization;

namespace KapsoArchive.Telemetry;

/// <summary>How traces, metrics or logs are sent over OTLP. The exporter reports no wrong value and does not read the variables of a
/// single signal, so they are read here.</summary>
/// <param name="Endpoint">The endpoint of this signal, used unchanged; null if only the one for all three is set, which the exporter
/// reads.</param>
/// <param name="Protocol"><c>grpc</c> or <c>http/protobuf</c>; null for the default.</param>
/// <param name="Headers">May contain a secret; never shown.</param>
/// <param name="Timeout">Milliseconds; null for the default.</param>
internal sealed record OtlpSignal(Uri? Endpoint, string? Protocol, string? Headers, int? Timeout)
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    /// <returns>Null if the signal is off.</returns>
    /// <exception cref="SettingException">A variable has an invalid value.</exception>
    public static OtlpSignal? Read(IConfiguration configuration, string signal)
    {
        string? exporter = Value($"OTEL_{signal}_EXPORTER", text => text.ToLowerInvariant() is "otlp" or "none",
            "must be otlp or none. For Azure Monitor, set APPLICATIONINSIGHTS_CONNECTION_STRING.");
        if (string.Equals(exporter, "none", StringComparison.OrdinalIgnoreCase))
            return null;
        (string? all, string? endpoint) = Values("ENDPOINT", text => UrlOf(text) is not null,
            "is not an http or https URL. Set it to the address of the collector, for example http://127.0.0.1:4317.");
        if (all is null && endpoint is null)
            return null;
        string? timeout = Nearest("TIMEOUT", text => MillisecondsOf(text) > 0, "must be a number of milliseconds, for example 10000.");
        return new OtlpSignal(
            endpoint is null ? null : UrlOf(endpoint),
            Nearest("PROTOCOL", text => text is Grpc or HttpProtobuf, $"must be {Grpc} or {HttpProtobuf}."),
            Nearest("HEADERS", AreHeaders, "must be NAME=VALUE pairs, separated by commas."),
            timeout is null ? null : MillisecondsOf(timeout));

        string? Nearest(string name, Func<string, bool> isValid, string fix) =>
            Values(name, isValid, fix) is var (general, own) ? own ?? general : null;

        (string? General, string? Own) Values(string name, Func<string, bool> isValid, string fix) =>
            (Value(Prefix + name, isValid, fix), Value($"{Prefix}{signal}_{name}", isValid, fix));

        string? Value(string name, Func<string, bool> isValid, string fix) => configuration[name]?.Trim() switch
        {
            null or "" => null,
            var text when isValid(text) => text,
            _ => throw new SettingException($"{name} {fix}"),
        };
    }

    private static Uri? UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : null;

    private static int MillisecondsOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) ? milliseconds : 0;

    private static bool AreHeaders(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).All(header => header.IndexOf('=', StringComparison.Ordinal) > 0);
}
