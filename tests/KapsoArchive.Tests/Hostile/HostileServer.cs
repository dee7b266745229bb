using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KapsoArchive.Tests.Hostile;

/// <summary>A source that answers each connection with the same bytes, be they HTTP or not.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly Task _serving;

    public HostileServer(string answer)
    {
        _answer = Encoding.UTF8.GetBytes(answer.ReplaceLineEndings("\r\n"));
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri BaseUrl => new($"http://{_listener.LocalEndpoint}/api/v1/");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] request = new byte[8 * 1024];
                try
                {
                    int length = 0;
                    while (!Encoding.ASCII.GetString(request, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(request.AsMemory(length)) is > 0 and int read)
                        length += read;
                    await stream.WriteAsync(_answer);
                }
                catch (IOException)
                {
                    // The client has gone: it has heard enough.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
