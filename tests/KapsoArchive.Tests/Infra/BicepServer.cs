using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>
/// The Bicep command line, kept running and asked over JSON-RPC: a snapshot takes a third of a second instead of three. It is the version
/// that
/// <c>infra/tool/Bicep.csproj</c> names, restored from NuGet where it is missing.
/// </summary>
public sealed class BicepServer : IAsyncLifetime
{
    private static readonly Lazy<Task<string>> Restored = new(RestoreAsync);

    private Process? _process;
    private int _calls;

    public async ValueTask InitializeAsync() => _process = Start(await Restored.Value, ["jsonrpc", "--stdio"]);

    /// <returns>The snapshot of a parameter file as JSON.</returns>
    /// <exception cref="InvalidOperationException">The templates do not compile, or a rule of theirs fails.</exception>
    public async Task<string> SnapshotAsync(string parameterFile, CancellationToken cancellationToken)
    {
        JsonObject metadata = new()
        {
            ["tenantId"] = "11111111-1111-1111-1111-111111111111",
            ["subscriptionId"] = "22222222-2222-2222-2222-222222222222",
            ["location"] = "westeurope",
        };
        JsonObject answer = await CallAsync("bicep/getSnapshot", new JsonObject { ["path"] = parameterFile, ["metadata"] = metadata, ["externalInputs"] = new JsonArray() }, cancellationToken);
        return answer["result"]?["snapshot"]?.GetValue<string>() ?? throw new InvalidOperationException($"No snapshot of {parameterFile}: {answer.ToJsonString()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> RestoreAsync()
    {
        using Process restore = Start("dotnet", ["msbuild", Repository.File("infra", "tool", "Bicep.csproj"), "-restore", "-target:Locate", "-nologo", "-nodeReuse:false", "-getProperty:BicepPath"]);
        restore.StandardInput.Close();
        string path = (await restore.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Limit)).Trim();
        await restore.WaitForExitAsync();
        return File.Exists(path) ? path : throw new InvalidOperationException($"The Bicep command line could not be restored: {path}");
    }

    private static Process Start(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // What a parameter file would take from the environment is not the same on two machines. An address and a budget's start it must
        // have, those of the gate.
        foreach (string name in start.Environment.Keys.Where(key => key is "AZURE_ENV_NAME" or "AZURE_LOCATION" or "KAPSO_API_KEY" || key.StartsWith("ARCHIVE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["ALERT_EMAIL"] = "archive@example.com";
        start.Environment["ARCHIVE_BUDGET_START"] = "2026-12-01";
        return Process.Start(start)!;
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        JsonObject call = new() { ["jsonrpc"] = "2.0", ["id"] = ++_calls, ["method"] = method, ["params"] = new JsonArray(parameters) };
        byte[] body = Encoding.UTF8.GetBytes(call.ToJsonString());
        Stream input = _process!.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), cancellationToken);
        await input.WriteAsync(body, cancellationToken);
        await input.FlushAsync(cancellationToken);

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        Stream output = _process.StandardOutput.BaseStream;
        byte[] answer = new byte[await ReadLengthAsync(output, patience.Token)];
        await output.ReadExactlyAsync(answer, patience.Token);
        return JsonNode.Parse(answer)!.AsObject();
    }

    private static async Task<int> ReadLengthAsync(Stream output, CancellationToken cancellationToken)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await output.ReadExactlyAsync(one, cancellationToken);
            head.Append((char)one[0]);
        }
        string length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return int.Parse(length[(length.IndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
