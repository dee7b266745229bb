using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Mcp;

/// <summary>An agent's client: the official one, which also checks each answer against the schema that the tool promises.</summary>
internal sealed class AgentClient : IAsyncDisposable
{
    private readonly Process _process;

    private AgentClient(Process process) => _process = process;

    /// <summary>What the server says of itself: <c>{server, instructions, tools}</c>; <c>{failure}</c> if it does not let the client in.</summary>
    public JsonElement Greeting { get; private set; }

    /// <summary>Starts <c>kapso-archive mcp</c> as a client does, without any setting.</summary>
    public static Task<AgentClient> OverStdioAsync(string lake) => StartAsync("stdio", "dotnet", Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll"), "mcp", "--lake", lake);

    public static Task<AgentClient> OverHttpAsync(Uri server, params string[] headers) => StartAsync(["http", new Uri(server, "/mcp").ToString(), .. headers]);

    /// <summary>Calls a tool.</summary>
    /// <returns>The result as the client has it: <c>{content, structuredContent, isError}</c>.</returns>
    public async Task<JsonElement> CallAsync(string tool, object arguments)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { name = tool, arguments }));
        return await ReadAsync();
    }

    /// <summary>Calls a tool that must succeed.</summary>
    public async Task<JsonElement> AnswerAsync(string tool, object arguments)
    {
        JsonElement result = await CallAsync(tool, arguments);
        result.TryGetProperty("structuredContent", out JsonElement answer).ShouldBeTrue(result.ToString());
        JsonElement.DeepEquals(JsonElement.Parse(TextOf(result)), answer).ShouldBeTrue("the text says the same, for clients that read only text");
        return answer;
    }

    /// <summary>Calls a tool that must fail.</summary>
    /// <returns>What the model reads.</returns>
    public async Task<string> ErrorAsync(string tool, object arguments)
    {
        JsonElement result = await CallAsync(tool, arguments);
        (result.TryGetProperty("isError", out JsonElement isError) && isError.GetBoolean()).ShouldBeTrue(result.ToString());
        return TextOf(result);
    }

    /// <summary>Ends the conversation as clients do: by closing the server's stdin.</summary>
    /// <returns><c>{errors, stderr, exitCode}</c>.</returns>
    public async Task<JsonElement> CloseAsync()
    {
        _process.StandardInput.Close();
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience.Limit);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static async Task<AgentClient> StartAsync(params string[] arguments)
    {
        var client = new AgentClient(await NodePackages.StartScriptAsync("mcp-client.mjs", arguments, TestContext.Current.CancellationToken));
        client.Greeting = await client.ReadAsync();
        return client;
    }

    private static string TextOf(JsonElement result) => result.GetProperty("content").EnumerateArray().ShouldHaveSingleItem().GetProperty("text").GetString()!;

    private async Task<JsonElement> ReadAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        return await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line
            ? JsonElement.Parse(line)
            : throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(patience.Token));
    }
}
