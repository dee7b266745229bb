using KapsoArchive.Core.Archive;
using KapsoArchive.Telemetry;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>What the standard variables ask for.</summary>
public sealed class TelemetrySettingsTests
{
    private const string Collector = "http://127.0.0.1:4317";
    private const string Connection = "InstrumentationKey=00000000-0000-0000-0000-00000000000a;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/";

    [Theory]
    [InlineData]
    [InlineData("OTEL_SERVICE_NAME=archive")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=grpc")]
    [InlineData($"OTEL_EXPORTER_OTLP_ENDPOINT={Collector}", "OTEL_SDK_DISABLED=TRUE")]
    [InlineData($"OTEL_EXPORTER_OTLP_ENDPOINT={Collector}", "OTEL_TRACES_EXPORTER=none", "OTEL_METRICS_EXPORTER=none", "OTEL_LOGS_EXPORTER=none")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING=Authorization=AAD")]
    public void Without_an_endpoint_nothing_is_sent(params string[] variables) => Read(variables).ShouldBeNull();

    [Fact]
    public void One_endpoint_serves_all_three_signals()
    {
        TelemetrySettings settings = Read($"OTEL_EXPORTER_OTLP_ENDPOINT={Collector}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf").ShouldNotBeNull();

        (settings.HasTraces, settings.HasMetrics, settings.HasLogs, settings.AzureMonitor).ShouldBe((true, true, true, null));
        settings.Traces.ShouldBe(new OtlpSignal(Endpoint: null, OtlpSignal.HttpProtobuf, Headers: null, Timeout: null));
    }

    [Fact]
    public void A_signals_own_setting_overrides_the_common_one()
    {
        TelemetrySettings settings = Read(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://traces.example/v1/traces",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS=authorization=Bearer one",
            "OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer all",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=500",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf").ShouldNotBeNull();

        settings.Traces.ShouldBe(new OtlpSignal(new Uri("https://traces.example/v1/traces"), OtlpSignal.HttpProtobuf, "authorization=Bearer one", 500));
        (settings.HasMetrics, settings.HasLogs).ShouldBe((false, false), "nobody said where to");
    }

    [Fact]
    public void One_of_the_three_signals_can_be_switched_off() =>
        Read($"OTEL_EXPORTER_OTLP_ENDPOINT={Collector}", "OTEL_LOGS_EXPORTER=none").ShouldNotBeNull().Logs.ShouldBeNull();

    [Theory]
    [InlineData(null, false, null)]
    [InlineData("Authorization=AAD", true, null)]
    [InlineData("ClientId=7a1c;Authorization=AAD", true, "7a1c")]
    public void Azure_Monitor_uses_a_named_identity(string? authentication, bool usesIdentity, string? clientId)
    {
        TelemetrySettings settings = Read($"APPLICATIONINSIGHTS_CONNECTION_STRING={Connection}", $"APPLICATIONINSIGHTS_AUTHENTICATION_STRING={authentication}").ShouldNotBeNull();

        settings.AzureMonitor.ShouldBe(new AzureMonitorSettings(Connection, usesIdentity, clientId));
        (settings.HasTraces, settings.HasMetrics, settings.HasLogs).ShouldBe((true, true, true));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "s3cret:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "ftp://s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json-s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=b,s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s3cret")]
    [InlineData("OTEL_TRACES_EXPORTER", "s3cret")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "s3cret")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=s3cret")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-00000000000a;IngestionEndpoint=s3cret")]
    public void An_invalid_value_is_refused_by_name_and_not_shown(string name, string value)
    {
        SettingException refused = Should.Throw<SettingException>(() => Read($"OTEL_EXPORTER_OTLP_ENDPOINT={Collector}", $"{name}={value}"));

        refused.Message.ShouldStartWith($"{name} ");
        refused.Message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void An_invalid_identity_is_refused_by_name_and_not_shown() =>
        Should.Throw<SettingException>(() => Read($"APPLICATIONINSIGHTS_CONNECTION_STRING={Connection}", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING=ClientId=7a1c"))
            .Message.ShouldStartWith("APPLICATIONINSIGHTS_AUTHENTICATION_STRING cannot be used. ");

    private static TelemetrySettings? Read(params string[] variables) => TelemetrySettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(v => v.Split('=', 2)).GroupBy(v => v[0]).Select(v => new KeyValuePair<string, string?>(v.Key, v.Last()[1]))).Build());
}
