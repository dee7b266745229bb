using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Archive;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Tests.Cli.Serve;

public sealed class ServeAddressTests
{
    private static readonly ApiKeys None = ApiKeys.Parse(null);
    private static readonly ApiKeys Some = ApiKeys.Parse("0123456789abcdef");

    [Theory]
    [InlineData("http://127.0.0.1:5081", new[] { "http://127.0.0.1:5081" })]
    [InlineData("http://127.0.0.1:0/", new[] { "http://127.0.0.1:0/" })]
    [InlineData("http://localhost:5081", new[] { "http://localhost:5081" })]
    [InlineData("http://LOCALHOST:5081", new[] { "http://LOCALHOST:5081" })]
    [InlineData("http://[::1]:5081", new[] { "http://[::1]:5081" })]
    [InlineData("https://127.1.2.3:5081", new[] { "https://127.1.2.3:5081" })]
    [InlineData(" http://127.0.0.1:1 ; ;http://[::1]:2;", new[] { "http://127.0.0.1:1", "http://[::1]:2" })]
    [InlineData(";", new[] { "http://127.0.0.1:5081" })]
    [InlineData("", new[] { "http://127.0.0.1:5081" })]
    [InlineData(null, new[] { "http://127.0.0.1:5081" })]
    public void Without_keys_it_listens_on_this_machine_only(string? urls, string[] addresses)
    {
        ServeAddress.Of(urls, Environment(), None).ShouldBe(addresses);
        ServeAddress.Of(urls, Environment(), Some).ShouldBe(addresses);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("https://10.1.2.3:5080")]
    [InlineData("http://[fe80::1]:5080")]
    [InlineData("http://[::ffff:10.1.2.3]:5080")]
    [InlineData("http://archive.example:5080")] // To Kestrel, a name is any address of the machine.
    [InlineData("http://localhost.example:5080")]
    [InlineData("http://127.0.0.1.example:5080")]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5081")]
    public void Only_with_keys_it_listens_on_other_addresses(string urls)
    {
        string message = Should.Throw<SettingException>(() => ServeAddress.Of(urls, Environment(), None)).Message;

        message.ShouldStartWith("--urls: http");
        message.ShouldContain("can be reached from other machines");
        message.ShouldContain("Api:Keys (environment Api__Keys; ");
        ServeAddress.Of(urls, Environment(), Some).ShouldBe(urls.Split(';'));
    }

    [Theory]
    [InlineData("5080")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("localhost")]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://")]
    [InlineData("http://:5080")]
    [InlineData("http://127.0.0.1:5080/archive")]
    [InlineData("http://127.0.0.1:5080?a=b")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:port")]
    [InlineData("http://[::1:5080")]
    [InlineData("http://a b:5080")]
    [InlineData("http://localhost:0")] // Kestrel cannot: it would be two ports.
    // What a URL calls this machine and Kestrel, which cuts the host out by itself, does not: it would listen to everybody.
    [InlineData("http://somebody@localhost:5080")]
    [InlineData("http://somebody:5080@localhost")]
    [InlineData("http://localhost#fragment")]
    [InlineData("http://%6cocalhost:5080")]
    [InlineData("unix:/tmp/archive.sock")]
    public void An_invalid_address_is_refused(string urls)
    {
        foreach (ApiKeys keys in (ApiKeys[])[None, Some])
            Should.Throw<SettingException>(() => ServeAddress.Of(urls, Environment(), keys)).Message.ShouldStartWith($"--urls: \"{urls}\" is not an address to listen on. ");
    }

    [Fact]
    public void The_environment_applies_if_the_command_line_gives_no_address()
    {
        ServeAddress.Of(null, Environment(("ASPNETCORE_URLS", "http://127.0.0.1:1"), ("ASPNETCORE_HTTP_PORTS", "8080")), None).ShouldBe(["http://127.0.0.1:1"]);
        ServeAddress.Of("http://127.0.0.1:2", Environment(("ASPNETCORE_URLS", "http://0.0.0.0:1"), ("ASPNETCORE_HTTP_PORTS", "8080")), None).ShouldBe(["http://127.0.0.1:2"]);
        ServeAddress.Of(null, Environment(("ASPNETCORE_HTTP_PORTS", "8080; 8081")), Some).ShouldBe(["http://*:8080", "http://*:8081"]);
        ServeAddress.Of(null, Environment(("ASPNETCORE_HTTP_PORTS", "")), None).ShouldBe(["http://127.0.0.1:5081"]);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://+:8080")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "8080")]
    public void The_environment_cannot_open_the_server_to_others_without_keys(string name, string value) =>
        Should.Throw<SettingException>(() => ServeAddress.Of(null, Environment((name, value)), None)).Message.ShouldContain("Api:Keys");

    private static IConfiguration Environment(params (string Name, string Value)[] variables) =>
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(v => new KeyValuePair<string, string?>(v.Name, v.Value))).Build();
}
