using System.Globalization;
using System.Reflection;
using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>The function app's settings files agree with the program's options.</summary>
public sealed class FunctionSettingsTests
{
    [Fact]
    public void The_host_has_time_for_a_slice_and_takes_several_messages_at_once()
    {
        JsonElement queues = Host.GetProperty("extensions").GetProperty("queues");

        int threshold = queues.GetProperty("newBatchThreshold").GetInt32();
        threshold.ShouldBeGreaterThan(0, "the host does not ask for an export while a night is in progress");
        File.ReadAllText(Repository.File("src", "KapsoArchive.Functions", "FunctionApp.cs")).ShouldContain($"const int RunsAtOnce = {queues.GetProperty("batchSize").GetInt32() + threshold};");
        queues.GetProperty("maxDequeueCount").GetInt32().ShouldBe(5);
        queues.GetProperty("messageEncoding").GetString().ShouldBe("base64");
        Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString().ShouldBe("api");
        TimeSpan timeout = TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);
        new ArchiveOptions().SliceDuration.ShouldBeLessThanOrEqualTo(timeout * 0.8);
    }

    [Fact]
    public void The_host_samples_nothing_because_telemetry_is_sent_over_OpenTelemetry()
    {
        Host.GetProperty("telemetryMode").GetString().ShouldBe("OpenTelemetry");
        Host.GetProperty("logging").TryGetProperty("applicationInsights", out _).ShouldBeFalse("its sampling would have no effect");
    }

    [Fact]
    public void The_sample_names_existing_settings()
    {
        Dictionary<string, Type> sections = new() { [KapsoOptions.Section] = typeof(KapsoOptions), [ArchiveOptions.Section] = typeof(ArchiveOptions) };
        string[] others = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "ArchiveSchedule"];
        string[] names = [.. Read("local.settings.sample.json").GetProperty("Values").EnumerateObject().Select(p => p.Name)];

        others.Except(names).ShouldBeEmpty("the host does not start without them");
        foreach (string name in names.Except(others))
        {
            string[] parts = name.Split("__");
            sections.Keys.ShouldContain(parts[0], name);
            sections[parts[0]].GetProperty(parts[1], BindingFlags.Public | BindingFlags.Instance).ShouldNotBeNull(name);
            parts.Length.ShouldBe(2, name);
        }
    }

    private static JsonElement Host => Read("host.json");

    private static JsonElement Read(string file) => JsonElement.Parse(File.ReadAllBytes(Repository.File(file)));
}
