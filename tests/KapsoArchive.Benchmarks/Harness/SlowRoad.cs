using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>A proxy that holds back what a client sends for a while, as a network does: each request takes longer by as much, and nothing
/// else does.</summary>
internal sealed class SlowRoad : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    public SlowRoad(int port, TimeSpan delay)
    {
        (_port, _delay) = (port, delay);
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // It was disposed.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using TcpClient one = near;
        using var other = new TcpClient { NoDelay = true };
        one.NoDelay = true;
        try
        {
            await other.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(DelayAsync(one.GetStream(), other.GetStream()), other.GetStream().CopyToAsync(one.GetStream()));
        }
        catch (IOException)
        {
            // One of the two has hung up.
        }
        catch (SocketException)
        {
            // Likewise.
        }
    }

    private async Task DelayAsync(NetworkStream from, NetworkStream to)
    {
        Channel<(long Due, byte[] Bytes)> road = Channel.CreateBounded<(long, byte[])>(1_024);
        Task reading = ReadAsync(from, road.Writer);
        await foreach ((long due, byte[] bytes) in road.Reader.ReadAllAsync())
        {
            TimeSpan left = TimeSpan.FromMilliseconds(due - Environment.TickCount64);
            if (left > TimeSpan.Zero)
                await Task.Delay(left);
            await to.WriteAsync(bytes);
        }

        await reading;
    }

    private async Task ReadAsync(NetworkStream from, ChannelWriter<(long Due, byte[] Bytes)> road)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
                await road.WriteAsync((Environment.TickCount64 + (long)_delay.TotalMilliseconds, buffer[..read]));
        }
        finally
        {
            road.Complete();
        }
    }
}
