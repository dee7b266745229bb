using System.Net;
using System.Net.Sockets;
using System.Text;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>One address with more connections than the server has: everybody else is answered, and so is that address if it asks
/// whole.</summary>
public sealed class CrowdedServerTests : PageTest
{
    /// <summary>As many as the server takes of all addresses.</summary>
    private const int Crowd = 500;

    private const string Endless =
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nk";

    private const string Live = "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static TheoryData<string> Waiting => new("", "G", "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", Live);

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task Idle_connections_do_not_exhaust_the_server(string sent)
    {
        await using ServeHost server = await StartAsync();
        List<Socket> crowd = [];
        try
        {
            for (int i = 0; i < Crowd; i++)
            {
                crowd.Add(await ConnectAsync(server, IPAddress.Loopback, sent));
                if (sent == Live)
                    await ReceiveAsync(crowd[^1]);
            }

            (await AskAsync(server, IPAddress.Loopback)).ShouldStartWith("HTTP/1.1 200 ");
            (await AskAsync(server, IPAddress.Parse("127.0.0.2"))).ShouldStartWith("HTTP/1.1 200 ");
        }
        finally
        {
            crowd.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Unfinished_requests_do_not_exhaust_the_server_for_others()
    {
        await using ServeHost server = await StartAsync();
        List<Socket> crowd = [];
        try
        {
            for (int i = 0; i < Crowd; i++)
                crowd.Add(await ConnectAsync(server, IPAddress.Loopback, Endless));

            (await AskAsync(server, IPAddress.Parse("127.0.0.2"))).ShouldStartWith("HTTP/1.1 200 ");
        }
        finally
        {
            crowd.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task A_named_proxy_may_open_more_connections_than_one_client()
    {
        await using ServeHost server = await StartAsync(Key, null, new KeyValuePair<string, string?>("Serve:Proxies", "127.0.0.1"));
        List<Socket> crowd = [];
        try
        {
            for (int i = 0; i < Crowd / 2; i++)
                crowd.Add(await ConnectAsync(server, IPAddress.Loopback, ""));

            foreach (Socket connection in crowd)
            {
                await connection.SendAsync(Encoding.ASCII.GetBytes(Live), Cancellation);
                byte[] answer = new byte[13];
                (await connection.ReceiveAsync(answer, Cancellation)).ShouldBe(answer.Length);
                Encoding.ASCII.GetString(answer).ShouldBe("HTTP/1.1 200 ");
            }
        }
        finally
        {
            crowd.ForEach(s => s.Dispose());
        }
    }

    private static async Task<Socket> ConnectAsync(ServeHost server, IPAddress from, string send)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port, Cancellation);
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(send), Cancellation);
        }
        catch (SocketException)
        {
            // The server has refused it already.
        }

        return socket;
    }

    private static async Task<string> AskAsync(ServeHost server, IPAddress from)
    {
        using Socket socket = await ConnectAsync(server, from, Live.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        return await ReceiveAsync(socket);
    }

    /// <returns>What the server says; empty if it refuses the connection.</returns>
    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] answer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, Cancellation));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
