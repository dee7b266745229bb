using System.Net;
using System.Net.Sockets;

namespace KapsoArchive.Tests.Api;

/// <summary>Which callback URLs an export takes, and that none leads to this machine.</summary>
public class CallbackFieldTests : ApiTest
{
    private static readonly string[] Refused =
    [
        "http://hooks.example.com/", "hooks.example.com", "/relative", "", "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part", "file:///etc/passwd", "https://127.0.0.1/", "https://0x7f.1/", "https://2130706433/",
        "https://10.1.2.3:8443/", "https://169.254.169.254/metadata", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/",
        "https://[fe80::1]/",
    ];

    [Fact]
    public async Task A_callback_URL_that_is_not_public_https_is_refused()
    {
        foreach (string url in Refused.Select(u => $"\"{u}\"").Append("5").Append($"\"https://hooks.example.com/{new string('a', 2_048)}\""))
        {
            using HttpResponseMessage answer = await PostExportAsync($$"""{"conversations": "all", "callbackUrl": {{url}}}""");
            await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", "callbackUrl");
        }

        Files().Keys.ShouldNotContain(file => file.Contains("callbacks/"));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_never_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string url = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/secret-path-of-a-hook";

        string id = await ExportAsync($$"""{"conversations": "all", "callbackUrl": "{{url}}"}""");

        (await GetAsync($"/api/exports/{id}")).GetProperty("status").GetString().ShouldBe("Succeeded", "a callback decides nothing about its export");
        string problem = Door.Problems.ShouldHaveSingleItem();
        problem.ShouldContain($"The callback of export {id} was not accepted at attempt 1: its host has an address that is not public.");
        problem.ShouldNotContain("secret-path");
        listener.Pending().ShouldBeFalse();
        Files().Keys.ShouldContain($"_state/callbacks/{id}.json", "it is tried again");
    }

    [Fact]
    public async Task The_same_request_with_another_callback_is_another_request()
    {
        const string Mine = """{"conversations": "all", "callbackUrl": "https://one.invalid/"}""";
        using HttpResponseMessage first = await PostExportAsync(Mine, "operation-1");
        using HttpResponseMessage same = await PostExportAsync(Mine, "operation-1");
        using HttpResponseMessage other = await PostExportAsync(Mine.Replace("one", "two"), "operation-1");

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        same.Headers.Location.ShouldBe(first.Headers.Location);
        await ShouldBeProblemAsync(other, HttpStatusCode.Conflict, "operation-conflict");
        (await first.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("one.invalid", customMessage: "the URL may be a secret");
    }
}
