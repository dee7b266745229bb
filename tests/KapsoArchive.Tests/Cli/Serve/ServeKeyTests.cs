using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>Who is let in by a server with keys, and by one without.</summary>
public sealed class ServeKeyTests : IDisposable
{
    private const string First = "first-key-0123456789abcdef";
    private const string Second = "second-key-0123456789abcdef";
    private const string Wrong = "wrong-key-0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Addresses => new()
    {
        { "GET", "/api/exports" },
        { "POST", "/api/exports" },
        { "GET", "/api/exports/20261122T020000Z-1a2b3c4d" },
        { "DELETE", "/api/exports/20261122T020000Z-1a2b3c4d" },
        { "GET", "/api/exports/20261122T020000Z-1a2b3c4d/files/manifest.json" },
        { "GET", "/api/runs" },
        { "POST", "/api/runs" },
        { "GET", "/api/runs/20261122T020000Z-1a2b3c4d" },
        { "GET", "/api/snapshots/latest" },
        { "GET", "/api/openapi.json" },
        { "GET", "/api/conversations" },
        { "POST", "/api/conversations/search" },
        { "GET", "/api/conversations/x/messages" },
        { "GET", "/" },
        { "GET", "/api" },
        { "GET", "/api/nothing" },
        { "GET", "/api/health" },
        { "POST", "/api/health/live" },
        { "PUT", "/api/exports" },
        { "OPTIONS", "/api/exports" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Without_a_key_only_the_need_for_a_key_is_revealed(string method, string address)
    {
        await using ServeHost server = await StartAsync($"{First},{Second}");
        foreach (string? key in (string?[])[null, Wrong, "", First[..^1], First + "x", First.ToUpperInvariant()])
        {
            using HttpResponseMessage answer = await AskAsync(server, new HttpMethod(method), address, key);

            await ShouldBeRefusedAsync(answer);
        }
    }

    [Theory]
    [InlineData("x-functions-key", First)]
    [InlineData("x-functions-key", Second)]
    [InlineData("X-API-Key", First)]
    [InlineData("X-API-Key", Second)]
    [InlineData("code", First)]
    [InlineData("code", Second)]
    public async Task Each_key_is_accepted_in_every_place(string place, string key)
    {
        await using ServeHost server = await StartAsync($"{First}, {Second}");

        using HttpResponseMessage answer = await AskAsync(server, HttpMethod.Get, "/api/exports", key, place);
        using HttpResponseMessage unknown = await AskAsync(server, HttpMethod.Get, "/api/nothing", key, place);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_wrong_key_in_one_place_is_refused_despite_a_right_one()
    {
        await using ServeHost server = await StartAsync(First);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/exports?code={First}", UriKind.Relative));
        request.Headers.Add("x-functions-key", Wrong);

        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);

        await ShouldBeRefusedAsync(answer);
    }

    [Theory]
    [InlineData("/api/health/live")]
    [InlineData("/api/health/ready")]
    public async Task Health_checks_need_no_key(string address)
    {
        await using ServeHost server = await StartAsync(First);
        foreach (string? key in (string?[])[null, Wrong, First])
        {
            using HttpResponseMessage answer = await AskAsync(server, HttpMethod.Get, address, key);

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Without_keys_local_calls_are_accepted_with_any_key_or_none()
    {
        await using ServeHost server = await StartAsync("");
        foreach (string? key in (string?[])[null, Wrong])
        {
            using HttpResponseMessage answer = await AskAsync(server, HttpMethod.Get, "/api/exports", key);

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.2")]
    public async Task Without_keys_the_server_answers_only_to_local_host_names(string host)
    {
        await using ServeHost server = await StartAsync("");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/exports", UriKind.Relative));
        request.Headers.Host = host;

        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);

        (await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest)).ShouldContain("localhost");
    }

    [Theory]
    [InlineData("localhost", "")]
    [InlineData("localhost:8080", "")]
    [InlineData("[::1]", "")]
    [InlineData("archive.example", First)]
    public async Task Local_host_names_are_accepted_and_with_keys_every_name(string host, string keys)
    {
        await using ServeHost server = await StartAsync(keys);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/exports?code={First}", UriKind.Relative));
        request.Headers.Host = host;

        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Kestrel:Endpoints:Everybody:Url", "http://0.0.0.0:0")]
    [InlineData("urls", "http://0.0.0.0:0")]
    [InlineData("http_ports", "0")]
    public async Task Without_keys_no_setting_opens_the_server_to_other_machines(string setting, string value)
    {
        await using ServeHost server = await StartAsync("", new KeyValuePair<string, string?>(setting, value));

        server.Addresses.ShouldHaveSingleItem().ShouldStartWith("http://127.0.0.1:");
    }

    [Theory]
    [InlineData("Default", "Trace")]
    [InlineData("Microsoft.AspNetCore.Hosting", "Information")]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", "Trace")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", "Trace")]
    public async Task Even_at_the_most_verbose_level_no_key_and_no_query_is_logged(string category, string level)
    {
        await using ServeHost server = await StartAsync(First, new KeyValuePair<string, string?>($"Logging:LogLevel:{category}", level));
        foreach (string key in (string[])[First, Wrong])
        {
            foreach (string address in (string[])["/api/exports?limit=5", "/api/exports?limit=none", "/api/nothing?a=secret-query"])
            {
                foreach (string place in (string[])["x-functions-key", "X-API-Key", "code"])
                    (await AskAsync(server, HttpMethod.Get, address, key, place)).Dispose();
            }
        }

        string malformed = await RawCall.SendAsync(server.Http.BaseAddress!, $"GET /api/exports?code={First} x HTTP/1.1\r\nHost: localhost\r\n\r\n", Cancellation);

        malformed.ShouldStartWith("HTTP/1.1 400 ");
        string[] told = [.. server.Log.Entries.Select(e => $"{e.Category}: {e.Text}")];
        foreach (string secret in (string[])[First, Wrong, "code=", "limit=5", "secret-query"])
            told.Where(t => t.Contains(secret)).ShouldBeEmpty();
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer)
    {
        (await ShouldBeProblemAsync(answer, HttpStatusCode.Unauthorized)).ShouldContain("x-functions-key");
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("ApiKey");
    }

    /// <returns>What it says.</returns>
    private static async Task<string> ShouldBeProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        ((int)problem["status"]!).ShouldBe((int)status);
        return (string)problem["detail"]!;
    }

    private static async Task<HttpResponseMessage> AskAsync(ServeHost server, HttpMethod method, string address, string? key, string place = "x-functions-key")
    {
        bool isQuery = key is not null && place == "code";
        using var request = new HttpRequestMessage(method, new Uri(isQuery ? $"{address}{(address.Contains('?') ? '&' : '?')}code={key}" : address, UriKind.Relative));
        if (key is not null && !isQuery)
            request.Headers.Add(place, key);
        return await server.Http.SendAsync(request, Cancellation);
    }

    private Task<ServeHost> StartAsync(string keys, params KeyValuePair<string, string?>[] settings) => ServeHost.StartAsync(
        TimeProvider.System, [new("Kapso:ApiKey", "sandbox-key"), new("Archive:Destination", _folder.Path), new("Api:Keys", keys), .. settings]);
}
