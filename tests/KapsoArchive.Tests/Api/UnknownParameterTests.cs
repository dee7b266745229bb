using System.Net;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Api;

/// <summary>A misspelled parameter is never ignored, whatever the call.</summary>
public class UnknownParameterTests : ApiTest
{
    private static readonly (string Method, string Path)[] Operations =
    [
        .. JsonElement.Parse(File.ReadAllBytes(Repository.File("src", "KapsoArchive.Api", "openapi.json"))).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), path.Name.Replace("{id}", "20261122T020000Z-1a2b3c4d").Replace("{path}", "manifest.json")))),
    ];

    private string Key => Client.DefaultRequestHeaders.TryGetValues("x-functions-key", out IEnumerable<string>? keys) ? keys.First() : "any";

    [Fact]
    public async Task Every_call_refuses_a_parameter_that_it_does_not_know()
    {
        Operations.Length.ShouldBeGreaterThan(15);
        foreach ((string method, string path) in Operations)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?no-such=secret-value");
            using HttpResponseMessage answer = await Client.SendAsync(request, Cancellation);

            JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-parameter", "no-such");
            problem.GetRawText().ShouldNotContain("secret-value");
        }

        Door.Problems.ShouldBeEmpty();
        Files().Keys.ShouldAllBe(file => !file.Contains("runs/") && !file.Contains("exports/"), "nothing was begun");
    }

    [Theory]
    [InlineData("/api/exports?limt=5", "limt", "Did you mean limit?")]
    [InlineData("/api/runs?Before=20261122T020000Z-1a2b3c4d", "Before", "Did you mean before?")]
    [InlineData("/api/conversations?outcom=gone", "outcom", "Did you mean outcome?")]
    [InlineData("/api/conversations/x/messages?directions=inbound", "directions", "Did you mean direction?")]
    [InlineData("/api/conversations?telephone=1", "telephone", "Use id, from, to, outcome, sort, limit, after.")]
    [InlineData("/api/health/live?verbose", "verbose", "This call takes no parameters.")]
    [InlineData("/api/exports?%1b[2J=1", "␛[2J", "Use limit, before.")]
    public async Task The_answer_says_what_was_meant(string address, string name, string hint)
    {
        using HttpResponseMessage answer = await Client.GetAsync(address, Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-parameter", name);
        problem.GetProperty("errors").GetProperty(name)[0].GetString().ShouldNotBeNull().ShouldEndWith(hint);
    }

    [Fact]
    public async Task The_key_in_the_address_is_no_unknown_parameter()
    {
        foreach (string path in (string[])["/api/exports", "/api/runs", "/api/openapi.json"])
        {
            using HttpResponseMessage answer = await Client.GetAsync($"{path}?code={Key}", Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }
}
