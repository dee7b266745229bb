using System.Net;
using System.Net.Sockets;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>A server whose settings are wrong does not start: it says which, with exit code 2.</summary>
public sealed class ServeSettingTests : CliTest
{
    [Theory]
    [InlineData("Api__Keys", "short", "Api:Keys (environment Api__Keys): key 1 must be 16 or more")]
    [InlineData("Api__RequestsPerMinute", "0", "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.")]
    [InlineData("Api__RequestsPerMinute", "many", "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.")]
    [InlineData("Serve__Workers", "0", "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    [InlineData("Serve__Workers", "17", "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    [InlineData("Serve__Proxies", "proxy.example", "Serve:Proxies (environment Serve__Proxies): \"proxy.example\" is not an address. Write ")]
    [InlineData("Serve__Proxies", "10.0.0.5,10", "Serve:Proxies (environment Serve__Proxies): \"10\" is not an address. Write ")]
    [InlineData("Serve__Proxies", "10.0.0.0/33", "Serve:Proxies (environment Serve__Proxies): \"10.0.0.0/33\" is not an address. Write ")]
    [InlineData("ArchiveSchedule", "0 2 * * *", "ArchiveSchedule: \"0 2 * * *\" is not a schedule. Write six fields: ")]
    [InlineData("ArchiveSchedule", "0 0 2 30 2 *", "ArchiveSchedule: \"0 0 2 30 2 *\" never occurs. ")]
    [InlineData("Archive__Conversations", "a/b", "Archive:Conversations (environment Archive__Conversations): \"a/b\" is not a conversation id. ")]
    [InlineData("Archive__Conversations", ",", "Archive:Conversations (environment Archive__Conversations) lists no conversation. ")]
    [InlineData("Archive__Formats", "xslt", "Archive:Formats (environment Archive__Formats): there is no format \"xslt\". ")]
    [InlineData("Archive__SliceDuration", "02:00:00", "Archive:SliceDuration (environment Archive__SliceDuration) must be a time from 00:00:01 to 01:00:00")]
    [InlineData("Kapso__ApiKey", "", "Kapso:ApiKey (environment Kapso__ApiKey) is missing. ")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "--urls: http://0.0.0.0:0 can be reached from other machines, but there are no API keys. Set Api:Keys ")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "8080", "--urls: http://*:8080 can be reached from other machines, but there are no API keys. Set Api:Keys ")]
    public async Task An_invalid_setting(string name, string value, string sentence)
    {
        Settings[name] = value;

        await RefusesAsync(sentence, "--out", "lake");
        Visible("lake").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "--urls: http://0.0.0.0:0 can be reached from other machines, but there are no API keys. Set Api:Keys ")]
    [InlineData("http://somebody@localhost:5080", "--urls: \"http://somebody@localhost:5080\" is not an address to listen on. ")]
    public async Task An_invalid_address(string urls, string sentence) => await RefusesAsync(sentence, "--out", "lake", "--urls", urls);

    [Fact]
    public async Task No_destination() => await RefusesAsync("Archive:Destination (environment Archive__Destination, or --out) is missing. ");

    [Fact]
    public async Task An_unusable_destination()
    {
        await File.WriteAllTextAsync(Folder.File("taken"), "", Cancellation);

        await RefusesAsync("The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be used: ", "--out", "taken/lake", "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task An_address_that_is_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        string error = await RefusesAsync("--urls: cannot listen there: ", "--out", "lake", "--urls", url);

        error.ShouldContain(url);
    }

    [Fact]
    public async Task An_address_of_another_machine()
    {
        Settings["Api__Keys"] = "0123456789abcdef";

        await RefusesAsync("--urls: cannot listen there: ", "--out", "lake", "--urls", "http://192.0.2.1:0");
    }

    [Fact]
    public async Task An_https_address_without_a_certificate() => await RefusesAsync("--urls: ", "--out", "lake", "--urls", "https://127.0.0.1:0");

    [Fact]
    public async Task With_keys_other_machines_can_connect_and_need_a_key()
    {
        Settings["Api__Keys"] = "0123456789abcdef";
        await using ServeProcess server = await ServeProcess.StartAsync(Folder.Path, Settings, "--out", "lake", "--urls", "http://0.0.0.0:0");

        using HttpResponseMessage refused = await server.Http.GetAsync(new Uri("/api/exports", UriKind.Relative), Cancellation);
        using HttpResponseMessage answered = await server.Http.GetAsync(new Uri("/api/exports?code=0123456789abcdef", UriKind.Relative), Cancellation);

        (refused.StatusCode, answered.StatusCode).ShouldBe((HttpStatusCode.Unauthorized, HttpStatusCode.OK));
        (await server.TerminateAsync()).ShouldBe(0);
        server.Log.ShouldNotContain("0123456789abcdef");
    }

    /// <returns>What it said.</returns>
    private async Task<string> RefusesAsync(string sentence, params string[] arguments)
    {
        CliResult result = await RunAsync(["serve", .. arguments]);

        result.Error.ShouldStartWith(sentence);
        result.Error.TrimEnd().ShouldNotContain("\n");
        result.Error.ShouldNotContain("   at ");
        (result.ExitCode, result.Output, Sandbox.RequestCount).ShouldBe((2, "", 0));
        return result.Error;
    }
}
