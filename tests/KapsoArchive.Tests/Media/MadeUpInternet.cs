using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KapsoArchive.Core.Media;
using KapsoArchive.Core.Network;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace KapsoArchive.Tests.Media;

/// <summary>Names with public-looking addresses, all of which lead to one server on this machine that answers each path with scripted bytes. No
/// packet leaves, whatever address the client connects to.</summary>
internal sealed class MadeUpInternet : IAsyncDisposable
{
    public static readonly IPAddress PublicPlace = IPAddress.Parse("93.184.216.34");

    private static readonly Lazy<X509Certificate2> Certificate = new(NewCertificate);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<IPAddress[]>> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<IPEndPoint> _connected = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ServiceProvider _services;
    private readonly Task _serving;

    /// <param name="isPublic">In place of the check of addresses.</param>
    public MadeUpInternet(Func<IPAddress, bool>? isPublic = null)
    {
        _listener.Start();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new PublicConnector(ResolveAsync, ConnectAsync) { IsPublic = isPublic ?? PublicAddress.Is });
        services.AddMediaClient().AddMediaClient(); // Each project adds it.
        foreach (string name in (string[])[MediaClient.ClientName, MediaClient.LocalClientName])
            services.PostConfigure<HttpClientFactoryOptions>(name, options => options.HttpMessageHandlerBuilderActions.Add(b => Trust((SocketsHttpHandler)b.PrimaryHandler)));
        _services = services.BuildServiceProvider();
        _serving = ServeAsync();
    }

    /// <summary>Writes an answer. The connection is closed behind it.</summary>
    public delegate Task Answer(Stream stream, CancellationToken cancellationToken);

    /// <summary>The time of the client.</summary>
    public CountedTime Time { get; } = new();

    /// <summary>Each endpoint that was to be connected to, in order.</summary>
    public IReadOnlyList<IPEndPoint> Connected => [.. _connected];

    /// <summary>The heads of the requests, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public MediaClient Client => _services.GetRequiredService<MediaClient>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An answer with this head, whose lines end with a line break, and this body.</summary>
    public static Answer Bytes(string head, params byte[] body) => async (stream, cancellationToken) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n"), cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
    };

    /// <summary>An answer 200 with its length.</summary>
    public static Answer File(byte[] body, string type = "image/jpeg") => Bytes($"HTTP/1.1 200 OK\nContent-Type: {type}\nContent-Length: {body.Length}\n", body);

    public static Answer Redirect(string location, int status = 302) => Bytes($"HTTP/1.1 {status} Found\nLocation: {location}\nContent-Length: 0\n");

    public void Put(string path, Answer answer) => _answers[path] = answer;

    /// <summary>Every name has a public address unless it is named here.</summary>
    public void Name(string host, Func<IPAddress[]> addresses) => _names[host] = addresses;

    public void Name(string host, params string[] addresses) => Name(host, () => [.. addresses.Select(IPAddress.Parse)]);

    public async Task<MediaAnswer> GetAsync(string link, long maxBytes = 1_000_000, string? expectedType = "image/jpeg", bool allowsThisMachine = false) =>
        await Client.GetAsync(link, maxBytes, expectedType, allowsThisMachine, Cancellation).WaitAsync(Patience.Limit, Cancellation);

    /// <summary>Lets 31 seconds pass as soon as the server is silent and the client waits.</summary>
    public async Task<MediaAnswer> GetAsTimePassesAsync(string link, Task silent)
    {
        Task<MediaAnswer> getting = Client.GetAsync(link, 1_000_000, "image/jpeg", allowsThisMachine: false, Cancellation);
        await silent.WaitAsync(Patience.Limit, Cancellation);
        int settings = -1;
        while (!getting.IsCompleted)
        {
            if (settings == Time.Settings)
            {
                Time.Advance(TimeSpan.FromSeconds(31));
                return await getting.WaitAsync(Patience.Limit, Cancellation);
            }

            settings = Time.Settings;
            await Task.Delay(50, Cancellation);
        }

        return await getting;
    }

    /// <summary>Connects to the server, whatever the place.</summary>
    public async Task<Stream> ConnectAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        _connected.Enqueue(place);
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, cancellationToken);
        return client.GetStream();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _serving;
        _listener.Stop();
        await _services.DisposeAsync();
        _ended.Dispose();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=files.example.com", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static void Trust(SocketsHttpHandler handler) => handler.SslOptions = new SslClientAuthenticationOptions
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == Certificate.Value.GetCertHashString(),
    };

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(
        _names.TryGetValue(host, out Func<IPAddress[]>? addresses) ? addresses()
        : host == "localhost" ? [IPAddress.Loopback]
        : host.Contains("example", StringComparison.Ordinal) ? [PublicPlace]
        : throw new SocketException((int)SocketError.HostNotFound));

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_ended.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var plain = new NetworkStream(socket, ownsSocket: true);
        try
        {
            byte[] first = new byte[1];
            await socket.ReceiveAsync(first, SocketFlags.Peek, _ended.Token);
            if (first[0] != 0x16) // Not the first byte of TLS.
            {
                await AnswerAsync(plain);
                return;
            }

            await using var secure = new SslStream(plain);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate.Value }, _ended.Token);
            await AnswerAsync(secure);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client has gone, or the test has ended.
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        var head = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, _ended.Token);
            if (read == 0)
                return;
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        _requests.Enqueue(head.ToString());
        string path = head.ToString().Split(' ')[1];
        await (_answers.TryGetValue(path, out Answer? answer) ? answer : Bytes("HTTP/1.1 404 Not Found\nContent-Length: 0\n"))(stream, _ended.Token);
    }
}
