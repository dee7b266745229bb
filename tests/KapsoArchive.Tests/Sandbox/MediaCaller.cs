using System.Net;
using KapsoArchive.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Sandbox;

/// <summary>A sandbox with files and a plain client, which follows redirects by hand.</summary>
internal sealed class MediaCaller : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private MediaCaller(SandboxServer server) => Server = server;

    public SandboxServer Server { get; }

    public SandboxMediaHost Media => Server.Media!;

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));

    public static async Task<MediaCaller> StartAsync(SandboxMedia media, SandboxOptions? options = null, TimeProvider? time = null) =>
        new(await SandboxServer.StartAsync((options ?? new() { Conversations = 4, Messages = 400 }) with { Media = media }, time, TestContext.Current.CancellationToken));

    public Task<HttpResponseMessage> GetAsync(Uri link) =>
        _http.GetAsync(link, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>Where a link leads.</summary>
    public async Task<Uri> LocationAsync(Uri link)
    {
        using var response = await GetAsync(link);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return response.Headers.Location!;
    }

    /// <summary>The last answer, after all redirects.</summary>
    public async Task<HttpResponseMessage> FollowAsync(Uri link)
    {
        for (int i = 0; i < 20; i++)
        {
            var response = await GetAsync(link);
            if (response.StatusCode != HttpStatusCode.Redirect) return response;
            link = new Uri(link, response.Headers.Location!);
            response.Dispose();
        }
        throw new InvalidOperationException("The redirects do not end.");
    }

    public async Task<byte[]> BytesAsync(Uri link)
    {
        using var response = await FollowAsync(link);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
