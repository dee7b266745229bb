using OpenTelemetry.Exporter;

namespace KapsoArchive.Telemetry;

/// <summary>Applies the settings of one signal to the OTLP exporter, which does not read these variables itself.</summary>
internal static class OtlpExport
{
    public static void ApplyTo(this OtlpSignal signal, OtlpExporterOptions options)
    {
        if (signal.Protocol is { } protocol)
            options.Protocol = protocol == OtlpSignal.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (signal.Endpoint is { } endpoint)
            options.Endpoint = endpoint;
        options.Headers = signal.Headers ?? options.Headers;
        options.TimeoutMilliseconds = signal.Timeout ?? options.TimeoutMilliseconds;
    }
}
