using System.Net;
using System.Net.Sockets;
using KapsoArchive.Core.Network;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Network;

/// <summary>Which addresses a stranger can have this program connect to. Resolver and connector are doubles, so no packet leaves, whatever the
/// check lets through.</summary>
public sealed class PublicConnectorTests
{
    private readonly List<IPEndPoint> _connected = [];
    private int _lookups;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>First and last address of each range that is not public, and what hides in others.</summary>
    public static TheoryData<string> Private =>
    [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.0.1", "169.254.169.254", "172.16.0.0", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2001:10::1", "2001:20::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1",
        "fec0::1", "ff02::1", "ff0e::1",
    ];

    public static TheoryData<string> Public =>
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
    ];

    [Theory]
    [MemberData(nameof(Private))]
    public async Task A_name_with_such_an_address_is_refused_before_a_connection(string address)
    {
        await ShouldBeRefusedAsync(IPAddress.Parse(address));
        await ShouldBeRefusedAsync(IPAddress.Parse("8.8.8.8"), IPAddress.Parse(address));
        await ShouldBeRefusedAsync(IPAddress.Parse(address), IPAddress.Parse("8.8.8.8"));
    }

    [Theory]
    [MemberData(nameof(Private))]
    public async Task Such_an_address_in_the_URL_is_refused(string address)
    {
        string host = address.Contains(':') ? $"[{address}]" : address;
        (await Should.ThrowAsync<HttpRequestException>(() => GetAsync($"https://{host}/", _ => []))).InnerException.ShouldBeOfType<AddressRefusedException>();
        _connected.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Public))]
    public async Task The_checked_address_is_the_one_connected_to(string address)
    {
        // Another look would find this machine.
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync("https://hooks.example.com:8443/", n => [n == 1 ? IPAddress.Parse(address) : IPAddress.Loopback]));

        _connected.ShouldBe([new IPEndPoint(IPAddress.Parse(address), 8443)]);
        _lookups.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public void Every_address_of_a_private_network_is_refused_in_every_disguise(int seed)
    {
        var random = new Random(seed);
        string[] networks = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"];
        for (int i = 0; i < Samples.Count(20_000, 2_000_000); i++)
        {
            IPNetwork network = IPNetwork.Parse(networks[random.Next(networks.Length)]);
            byte[] bytes = network.BaseAddress.GetAddressBytes();
            uint host = (uint)random.NextInt64(1L << (32 - network.PrefixLength));
            uint value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) | host;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            var plain = new IPAddress(bytes);
            byte[] nat = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes];
            byte[] sixToFour = [0x20, 0x02, .. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

            foreach (IPAddress address in (IPAddress[])[plain, plain.MapToIPv6(), new IPAddress(nat), new IPAddress(sixToFour)])
                PublicAddress.Is(address).ShouldBeFalse(address.ToString());
        }
    }

    [Fact]
    public async Task The_next_address_of_a_name_is_tried()
    {
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync("https://hooks.example.com/", _ => [IPAddress.Parse("8.8.8.8"), IPAddress.Parse("1.1.1.1")]));

        _connected.Select(c => c.Address.ToString()).ShouldBe(["8.8.8.8", "1.1.1.1"]);
    }

    private async Task ShouldBeRefusedAsync(params IPAddress[] addresses)
    {
        (await Should.ThrowAsync<HttpRequestException>(() => GetAsync("https://hooks.example.com/", _ => addresses))).InnerException.ShouldBeOfType<AddressRefusedException>();
        _connected.ShouldBeEmpty();
    }

    private async Task GetAsync(string url, Func<int, IPAddress[]> addresses)
    {
        var connector = new PublicConnector(
            (_, _) => Task.FromResult(addresses(++_lookups)),
            (place, _) =>
            {
                _connected.Add(place);
                throw new SocketException((int)SocketError.ConnectionRefused);
            });
        using var client = new HttpClient(connector.NewHandler());
        using HttpResponseMessage answer = await client.GetAsync(url, Cancellation);
    }
}
