using System.Net.Sockets;
using System.Text;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>Sends text as it is, which no client that knows HTTP would.</summary>
internal static class RawCall
{
    /// <returns>All that the server says until it closes the connection.</returns>
    public static async Task<string> SendAsync(Uri server, string request, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancellationToken);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
