using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Api;

/// <summary>What others generate from the description works, without a line by hand.</summary>
public sealed class GeneratedClientTests
{
    private const string Key = "first-key-0123456789abcdef";

    private static readonly string Description = Repository.File("src", "KapsoArchive.Api", "openapi.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_linter_finds_no_error_and_no_warning()
    {
        JsonElement report = await RunAsync("api/lint.mjs", Description);

        report.GetProperty("totals").GetProperty("errors").GetInt32().ShouldBe(0, report.GetRawText());
        report.GetProperty("problems").EnumerateArray().Select(p => $"{p.GetProperty("ruleId")}: {p.GetProperty("message")} {p.GetProperty("location")[0].GetProperty("pointer")}").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_generated_client_exports_downloads_and_reads_the_archive()
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(ApiTest.World, cancellationToken: Cancellation);
        await using ServeHost server = await ServeHost.StartAsync(
            TimeProvider.System,
            [
                new("Kapso:ApiKey", ApiTest.World.ApiKey), new("Kapso:BaseUrl", sandbox.BaseUrl.ToString()), new("Archive:Conversations", "all"), new("Archive:Destination", folder.File("lake")),
                new("Api:Keys", Key),
            ]);
        using var night = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Headers = { { "x-functions-key", Key } } };
        (await server.Http.SendAsync(night, Cancellation)).Dispose();
        await server.EndedRunsAsync(1, () => { });

        JsonElement seen = await RunAsync("api/generate.mjs", Description, Directory.CreateDirectory(folder.File("client")).FullName, server.Addresses.Single(), Key);

        seen.GetProperty("status").GetString().ShouldBe("Succeeded");
        JsonElement[] files = [.. seen.GetProperty("files").EnumerateArray()];
        files.Length.ShouldBe(4, "messages and the proof, each in both formats");
        files.ShouldAllBe(f => f.GetProperty("isWhole").GetBoolean() && f.GetProperty("path").GetString()!.Contains('/'));
        seen.GetProperty("conversations").GetInt32().ShouldBe(ApiTest.World.Conversations);
        seen.GetProperty("found").EnumerateArray().Select(f => f.GetString()).ShouldBe([seen.GetProperty("first").GetString()]);
        seen.GetProperty("messages").GetArrayLength().ShouldBe(5);
        seen.GetProperty("problem").GetString().ShouldBe("urn:kapso-archive:problem:not-found");
    }

    private static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        using Process process = await NodePackages.StartScriptAsync(script, arguments, Cancellation);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        output.ShouldStartWith("{", customMessage: await errors);
        return JsonElement.Parse(output);
    }
}
