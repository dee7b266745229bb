using System.Text;
using System.Text.RegularExpressions;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>What telemetry costs where no variable asks for it: none of its assemblies is loaded. The runtime itself writes down which are.</summary>
public sealed partial class NothingConfiguredTests : CliTest
{
    private const string Trace = "loaded.nettrace";

    [Fact]
    public async Task OpenTelemetry_is_not_loaded()
    {
        IReadOnlyCollection<string> loaded = await LoadedAsync();

        loaded.ShouldContain("KapsoArchive.Core");
        loaded.ShouldNotContain(name => name.Contains("OpenTelemetry"));
    }

    [Fact]
    public async Task OpenTelemetry_is_not_loaded_if_it_is_switched_off()
    {
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4317";
        Settings["OTEL_SDK_DISABLED"] = "true";

        (await LoadedAsync()).ShouldNotContain(name => name.Contains("OpenTelemetry"));
    }

    [Fact]
    public async Task Only_the_configured_exporters_are_loaded()
    {
        await using CollectorStandIn collector = await CollectorStandIn.StartAsync();
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        IReadOnlyCollection<string> loaded = await LoadedAsync();

        loaded.ShouldContain("OpenTelemetry.Exporter.OpenTelemetryProtocol");
        loaded.ShouldNotContain("Azure.Monitor.OpenTelemetry.Exporter");
    }

    /// <summary>Does a run, and returns the names of the assemblies that the runtime loaded for it.</summary>
    private async Task<IReadOnlyCollection<string>> LoadedAsync()
    {
        Settings["DOTNET_EnableEventPipe"] = "1";
        Settings["DOTNET_EventPipeOutputPath"] = Folder.File(Trace);
        Settings["DOTNET_EventPipeConfig"] = "Microsoft-Windows-DotNETRuntime:8:4"; // The loader's events.
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");
        result.ExitCode.ShouldBe(0, result.Error);
        byte[] trace = await File.ReadAllBytesAsync(Folder.File(Trace), Cancellation);
        string text = Encoding.Unicode.GetString(trace) + Encoding.Unicode.GetString(trace.AsSpan(1)); // A text begins at an even place or at an odd one.
        return [.. AssemblyName().Matches(text).Select(m => m.Groups["name"].Value).Distinct()];
    }

    [GeneratedRegex(@"(?<name>[\w.-]+), Version=\d", RegexOptions.NonBacktracking)]
    private static partial Regex AssemblyName();
}
