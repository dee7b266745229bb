using System.Net;
using System.Net.Sockets;
using System.Text;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using YamlDotNet.RepresentationModel;

namespace KapsoArchive.Tests.Documents.Operating;

/// <summary>The ways of the operator's page to archive every night, tried with its own lines: a quiet night is silent, a failing one is
/// not.</summary>
public sealed class NightlyPageTests : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 6, Messages = 200 };

    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _sandbox;
    private OperatorMachine? _machine;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private OperatorMachine Machine => _machine!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        _machine = new OperatorMachine(_folder.Path, _sandbox.BaseUrl, World.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Cron_mails_nothing_in_a_quiet_night_and_the_reason_in_a_failing_one()
    {
        (Dictionary<string, string> environment, string[] commands) = Crontab();
        commands.Length.ShouldBe(2);

        foreach (string command in (string[])[.. commands, .. commands])
            (await Machine.ShellAsync(command, environment)).ShouldBe(new CliResult(0, "", ""), command);
        Machine.Key = "revoked";
        CliResult refused = await Machine.ShellAsync(commands[0], environment);
        Machine.Key = World.ApiKey;
        await _sandbox!.DisposeAsync();
        CliResult down = await Machine.ShellAsync(commands[0], environment);
        Directory.Delete(Machine.Lake, recursive: true);
        CliResult lost = await Machine.ShellAsync(commands[1], environment);

        refused.ExitCode.ShouldBe(4);
        (refused.Output + refused.Error).ShouldContain("key");
        down.ExitCode.ShouldNotBe(0);
        (down.Output + down.Error).ShouldNotBeEmpty();
        lost.ExitCode.ShouldBe(2);
        (lost.Output + lost.Error).ShouldContain("There is no archive at");
        Directory.GetFiles(Path.Combine(Machine.Copy, "_manifests")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_services_of_systemd_archive_copy_and_fail_by_themselves()
    {
        string night = Machine.Units["kapso-archive.service"];
        string backup = Machine.Units["kapso-archive-backup.service"];

        CliResult[] quiet = [await ServiceAsync(night), await ServiceAsync(backup), await ServiceAsync(night)];
        Machine.Key = "revoked";
        CliResult refused = await ServiceAsync(night);

        quiet.ShouldAllBe(r => r == new CliResult(0, "", ""));
        refused.ExitCode.ShouldBe(4);
        refused.Error.ShouldNotBeEmpty();
        Directory.GetFiles(Path.Combine(Machine.Copy, "_manifests")).Length.ShouldBe(1);
        foreach (string unit in (string[])[night, backup, Machine.Units["kapso-archive-serve.service"]])
            Machine.Units.Keys.ShouldContain(Values(unit, "OnFailure").Single().Replace("@%N.", "@.", StringComparison.Ordinal));
        Values(Machine.Units["kapso-archive.service.d/backup.conf"], "OnSuccess").ShouldBe(["kapso-archive-backup.service"]);
    }

    /// <summary>Where this machine has no systemd, what is left is that each unit consists of sections and assignments.</summary>
    [Fact]
    public async Task Systemd_accepts_the_units_and_finds_them_hardened()
    {
        string units = _folder.File("units");
        foreach ((string name, string text) in Machine.Units)
        {
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line[0] == '[' || line[0] == '#' || line.Contains('='), name);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(units, name))!);
            await File.WriteAllTextAsync(Path.Combine(units, name), text, Cancellation);
        }

        string analyze = "/usr/bin/systemd-analyze";
        if (!File.Exists(analyze))
            return;
        foreach (string name in Machine.Units.Keys.Where(n => !n.Contains('/')))
        {
            string unit = Path.Combine(units, name.Replace("@.", "@test.", StringComparison.Ordinal));
            if (!File.Exists(unit))
                File.Copy(Path.Combine(units, name), unit);
            CliResult verified = await Machine.ShellAsync($"{analyze} verify --man=no {unit}", new Dictionary<string, string> { ["SYSTEMD_UNIT_PATH"] = $"{units}:" });
            (verified.Output + verified.Error).Split('\n').Where(line => line.Contains(units, StringComparison.Ordinal) || line.Contains("kapso-archive", StringComparison.Ordinal))
                .ShouldBeEmpty($"{name}: {verified}");
        }

        foreach (string name in (string[])["kapso-archive.service", "kapso-archive-serve.service"])
        {
            CliResult exposure = await Machine.ShellAsync($"{analyze} security --offline=true --threshold=35 --no-pager {Path.Combine(units, name)}", new Dictionary<string, string>());
            exposure.ExitCode.ShouldBe(0, exposure.Output + exposure.Error);
        }
    }

    [Fact]
    public async Task Serve_tells_systemd_when_it_listens_and_when_it_stops()
    {
        string path = _folder.File("notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Dictionary<string, string> settings = ServiceEnvironment(Machine.Units["kapso-archive-serve.service"]);
        settings["NOTIFY_SOCKET"] = path;
        settings["Kapso__BaseUrl"] = _sandbox!.BaseUrl.ToString();
        string[] arguments = Values(Machine.Units["kapso-archive-serve.service"], "ExecStart").Single().Split(' ')[2..];
        arguments[^1] = "http://127.0.0.1:0";

        await using ServeProcess server = await ServeProcess.StartAsync(_folder.Path, settings, arguments);
        string ready = await ReceiveAsync();
        using HttpResponseMessage answer = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);
        int code = await server.TerminateAsync();

        ready.ShouldBe("READY=1");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ReceiveAsync()).ShouldBe("STOPPING=1");
        code.ShouldBe(0);

        async Task<string> ReceiveAsync()
        {
            byte[] buffer = new byte[256];
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            patience.CancelAfter(Patience.Limit);
            return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token)).Trim();
        }
    }

    [Fact]
    public async Task The_server_of_the_compose_file_is_ready_with_its_settings_and_secrets()
    {
        var file = new YamlStream();
        file.Load(new StringReader(Machine.Block("compose.yaml")));
        var root = (YamlMappingNode)file.Documents[0].RootNode;
        var service = (YamlMappingNode)root["services"]["archive"];
        string[] secrets = [.. ((YamlSequenceNode)service["secrets"]).Select(s => ((YamlScalarNode)s).Value!)];
        Dictionary<string, string> settings = ((YamlMappingNode)service["environment"]).Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString(), StringComparer.Ordinal);
        ((YamlMappingNode)root["secrets"]).Children.Select(c => c.Key.ToString()).ShouldBe(secrets);
        string credentials = Directory.CreateDirectory(_folder.File("secrets")).FullName;
        Dictionary<string, string> values = new(StringComparer.Ordinal) { ["Kapso__ApiKey"] = World.ApiKey, ["Api__Keys"] = "0123456789abcdef" };
        foreach (string secret in secrets)
            await File.WriteAllTextAsync(Path.Combine(credentials, secret), values[secret], Cancellation);
        settings["CREDENTIALS_DIRECTORY"].ShouldBe("/run/secrets");
        settings["CREDENTIALS_DIRECTORY"] = credentials;
        settings["Archive__Destination"] = _folder.File("data"); // The image says /data, the volume's place.
        settings["Kapso__BaseUrl"] = _sandbox!.BaseUrl.ToString();

        await using ServeProcess server = await ServeProcess.StartAsync(_folder.Path, settings, "--urls", "http://0.0.0.0:0");
        using HttpResponseMessage ready = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);
        using HttpResponseMessage unknown = await server.Http.GetAsync(new Uri("/api/runs", UriKind.Relative), Cancellation);
        using HttpResponseMessage known = await server.Http.GetAsync(new Uri("/api/runs?code=0123456789abcdef", UriKind.Relative), Cancellation);

        ((YamlSequenceNode)service["volumes"]).Select(v => v.ToString()).ShouldBe(["./lake:/data"]);
        (ready.StatusCode, unknown.StatusCode, known.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK));
    }

    /// <summary>What cron gives the commands, and the commands.</summary>
    private (Dictionary<string, string> Environment, string[] Commands) Crontab()
    {
        string[] lines = Machine.Block("crontab -u kapso-archive -e").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = Machine.Here("/var/lib/kapso-archive"),
            ["LOGNAME"] = "kapso-archive",
            ["PATH"] = "/usr/bin:/bin",
            ["SHELL"] = "/bin/sh",
        };
        foreach (string[] setting in lines.Where(l => !char.IsAsciiDigit(l[0])).Select(l => l.Split('=', 2)))
            environment[setting[0]] = setting[1];
        string[] commands = [.. lines.Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(' ', 6)[5])];
        commands.ShouldAllBe(c => !c.Contains('%'), "cron takes it for the end of the line");
        return (environment, commands);
    }

    private Task<CliResult> ServiceAsync(string unit) => Machine.ShellAsync(Values(unit, "ExecStart").Single(), ServiceEnvironment(unit));

    /// <summary>What systemd gives the command of a service: its settings, and its credentials in a folder.</summary>
    private Dictionary<string, string> ServiceEnvironment(string unit)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", ["HOME"] = Machine.Here("/var/lib/kapso-archive") };
        foreach (string[] setting in Values(unit, "Environment").Select(v => v.Trim('"').Split('=', 2)))
            environment[setting[0]] = setting[1];
        foreach (string[] credential in Values(unit, "LoadCredential").Select(v => v.Split(':', 2)))
        {
            environment["CREDENTIALS_DIRECTORY"] = Directory.CreateDirectory(_folder.File("run-credentials")).FullName;
            File.Copy(credential[1], Path.Combine(_folder.File("run-credentials"), credential[0]), overwrite: true);
        }

        return environment;
    }

    private static IEnumerable<string> Values(string unit, string name) => unit.Split('\n').Where(l => l.StartsWith($"{name}=", StringComparison.Ordinal)).Select(l => l[(name.Length + 1)..]);
}
