using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Api;

/// <summary>A receiver of callbacks, at whatever public address the test makes up: the connector is a double that leads there.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<(string Target, string? Signature, string? Type, byte[] Body)> _calls = new();

    private HookReceiver(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    /// <summary>The calls until now, in order.</summary>
    public IReadOnlyList<(string Target, string? Signature, string? Type, byte[] Body)> Calls => [.. _calls];

    /// <summary>The status of the next answers.</summary>
    public int Status { get; set; } = StatusCodes.Status204NoContent;

    /// <summary>The address that every name has.</summary>
    public IPAddress Address { get; set; } = IPAddress.Parse("93.184.215.14");

    public static async Task<HookReceiver> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hooks.example.com", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        WebApplication app = builder.Build();
        var receiver = new HookReceiver(app, certificate);
        app.Run(receiver.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Has the callbacks of a host come here. Only this certificate is trusted.</summary>
    public void Replace(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton(new PublicConnector((_, _) => Task.FromResult<IPAddress[]>([Address]), ConnectAsync)));
        services.PostConfigure<HttpClientFactoryOptions>(CallbackCall.ClientName, options => options.HttpMessageHandlerBuilderActions.Add(b =>
            ((SocketsHttpHandler)b.PrimaryHandler).SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate.GetCertHashString(),
            }));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<Stream> ConnectAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        place.Address.ShouldBe(Address);
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port, cancellationToken);
        return client.GetStream();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        HttpRequest request = context.Request;
        _calls.Enqueue(($"{request.Method} https://{request.Host}{request.Path}{request.QueryString}", request.Headers["Kapso-Archive-Signature"], request.ContentType, body.ToArray()));
        context.Response.StatusCode = Status;
        if (Status == StatusCodes.Status302Found)
            context.Response.Headers.Location = "https://elsewhere.example.com/";
    }
}
