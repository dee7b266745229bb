using System.Text.Json;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary><c>local.settings.sample.json</c>, copied as the documentation says.</summary>
public sealed class SampleSettingsTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private readonly FunctionsFixture _fixture = fixture;

    protected override SandboxOptions World => new() { Conversations = 6, Messages = 600 };

    private static Dictionary<string, string> Sample =>
        JsonDocument.Parse(File.ReadAllText(Repository.File("local.settings.sample.json"))).RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);

    [Fact]
    public async Task With_the_sample_alone_the_app_archives_the_sandbox()
    {
        Settings.Clear();
        foreach ((string name, string value) in Sample)
            Settings[name] = value;
        // The emulator and the sandbox have other ports in a test.
        Settings["Kapso__BaseUrl"].ShouldBe("http://127.0.0.1:5080/api/v1/");
        Settings["Kapso__BaseUrl"] = Sandbox.BaseUrl.ToString();
        foreach (string name in Settings.Where(s => s.Value == "UseDevelopmentStorage=true").Select(s => s.Key).ToList())
            Settings[name] = await _fixture.Azurite.ConnectionStringAsync(Cancellation);
        Settings["Archive__Container"] = _fixture.Azurite.NewContainerName();
        StandInHost host = await StartAsync();

        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldBeNull();

        using HttpClient http = Http(host);
        await UntilAsync(host, async () => (await TextAsync(http, "/api/runs")).Contains("Succeeded", StringComparison.Ordinal));
        host.Disabled.ShouldBeEmpty();
        (await TextAsync(http, "/api/health/ready")).ShouldContain("\"ready\"");
    }
}
