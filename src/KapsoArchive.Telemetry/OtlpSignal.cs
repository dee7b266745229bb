using System.Globalization;
using KapsoArchive.Core.Archive;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Telemetry;

/// <summary>How traces, metrics or logs are sent over OTLP. For a null value, the exporter reads the variable that applies to all
/// three.</summary>
/// <param name="Endpoint">The endpoint of this signal, used unchanged.</param>
/// <param name="Protocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
/// <param name="Headers">May contain a secret; never shown.</param>
/// <param name="Timeout">Milliseconds.</param>
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
        string own = $"{Prefix}{signal}_";
        if (!IsWanted(configuration, $"OTEL_{signal}_EXPORTER"))
            return null;
        Uri? all = ReadEndpoint(configuration, $"{Prefix}ENDPOINT");
        Uri? one = ReadEndpoint(configuration, $"{own}ENDPOINT");
        if (all is null && one is null)
            return null;
        string? protocol = ReadProtocol(configuration, $"{Prefix}PROTOCOL");
        string? headers = ReadHeaders(configuration, $"{Prefix}HEADERS");
        int? timeout = ReadTimeout(configuration, $"{Prefix}TIMEOUT");
        return new OtlpSignal(
            one,
            ReadProtocol(configuration, $"{own}PROTOCOL") ?? protocol,
            ReadHeaders(configuration, $"{own}HEADERS") ?? headers,
            ReadTimeout(configuration, $"{own}TIMEOUT") ?? timeout);
    }

    private static bool IsWanted(IConfiguration configuration, string name) => Value(configuration, name)?.ToLowerInvariant() switch
    {
        null or "otlp" => true,
        "none" => false,
        _ => throw new SettingException(
            $"{name} must be otlp or none. For Azure Monitor, set APPLICATIONINSIGHTS_CONNECTION_STRING."),
    };

    private static Uri? ReadEndpoint(IConfiguration configuration, string name) => Value(configuration, name) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) => url,
        _ => throw new SettingException(
            $"{name} is not an http or https URL. Set it to the address of the collector, for example http://127.0.0.1:4317."),
    };

    private static string? ReadProtocol(IConfiguration configuration, string name) => Value(configuration, name) switch
    {
        null => null,
        var protocol and (Grpc or HttpProtobuf) => protocol,
        _ => throw new SettingException($"{name} must be {Grpc} or {HttpProtobuf}."),
    };

    private static string? ReadHeaders(IConfiguration configuration, string name) => Value(configuration, name) switch
    {
        null => null,
        var headers when headers.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .All(header => header.IndexOf('=', StringComparison.Ordinal) > 0) => headers,
        _ => throw new SettingException($"{name} must be NAME=VALUE pairs, separated by commas."),
    };

    private static int? ReadTimeout(IConfiguration configuration, string name) => Value(configuration, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0 =>
            milliseconds,
        _ => throw new SettingException($"{name} must be a number of milliseconds, for example 10000."),
    };

    private static string? Value(IConfiguration configuration, string name) =>
        configuration[name]?.Trim() is { Length: > 0 } value ? value : null;
}
