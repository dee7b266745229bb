using System.Net;
using System.Security.Cryptography;
using KapsoArchive.Core.Media;
using KapsoArchive.Core.Network;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using static KapsoArchive.Tests.Media.MadeUpInternet;

namespace KapsoArchive.Tests.Media;

/// <summary>Downloads of files, over sockets of this machine.</summary>
public sealed class MediaClientTests : IAsyncDisposable
{
    private const string Link = "https://files.example.com/start";

    private readonly MadeUpInternet _internet = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _internet.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    [InlineData(MediaDownload.BufferSize - 1)]
    [InlineData(MediaDownload.BufferSize)]
    [InlineData(MediaDownload.BufferSize + 1)]
    [InlineData(2 * MediaDownload.BufferSize)]
    [InlineData((5 * MediaDownload.BufferSize) + 7)]
    public async Task A_file_arrives_whatever_its_size_and_however_its_end_is_marked(int length)
    {
        byte[] file = RandomNumberGenerator.GetBytes(length);
        _internet.Put("/length", File(file));
        _internet.Put("/chunks", Bytes("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", Attachments.Chunked(file)));
        _internet.Put("/both", Bytes($"HTTP/1.1 200 OK\nContent-Length: {length}\nTransfer-Encoding: chunked\n", Attachments.Chunked(file)));
        _internet.Put("/close", Bytes("HTTP/1.1 200 OK\nConnection: close\n", file));

        foreach (string path in (string[])["length", "chunks", "both", "close"])
        {
            // The size is the largest allowed.
            await using MediaAnswer download = await _internet.GetAsync($"https://files.example.com/{path}", maxBytes: length);

            (download.Verdict, download.Reason).ShouldBe((MediaVerdict.Arrived, null), path);
            (download.Content!.Length, download.Content.Sha256).ShouldBe((length, Convert.ToHexStringLower(SHA256.HashData(file))));
            for (int i = 0; i < 2; i++)
                (await BytesOfAsync(download.Content)).ShouldBe(file);
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Five_redirects_are_followed(int status)
    {
        _internet.Put("/start", Redirect("/1", status));
        _internet.Put("/1", Redirect("//files2.example.com:8443/a/2", status));
        _internet.Put("/a/2", Redirect("3?b=c", status));
        _internet.Put("/a/3?b=c", Redirect("https://files3.example.com/4#part", status));
        _internet.Put("/4", Redirect("../../5", status));
        _internet.Put("/5", File(Attachments.Jpeg(100)));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        (download.Verdict, download.Content!.Type.Name).ShouldBe((MediaVerdict.Arrived, "image/jpeg"));
        _internet.Connected.Select(c => c.Port).ShouldBe([443, 443, 8443, 8443, 443, 443]);
    }

    [Fact]
    public async Task A_request_says_nothing_about_who_asks()
    {
        _internet.Put("/start", Bytes("HTTP/1.1 302 Found\nSet-Cookie: a=b\nLocation: /file\nContent-Length: 0\n"));
        _internet.Put("/file", File(Attachments.Jpeg(100)));

        await using MediaAnswer download = await _internet.GetAsync(Link + "#who");

        _internet.Requests.Select(r => string.Join('\n', r.TrimEnd().Split("\r\n").Order(StringComparer.Ordinal))).ShouldBe(
        [
            "Accept-Encoding: identity\nAccept: */*\nGET /start HTTP/1.1\nHost: files.example.com\nUser-Agent: kapso-archive",
            "Accept-Encoding: identity\nAccept: */*\nGET /file HTTP/1.1\nHost: files.example.com\nUser-Agent: kapso-archive",
        ]);
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("TEXT/HTML; charset=utf-8", true)]
    [InlineData("application/xhtml+xml", true)]
    [InlineData("text/plain", false)]
    [InlineData(null, false)]
    public async Task A_page_arrives_only_if_one_is_expected(string? expected, bool arrives)
    {
        _internet.Put("/start", File(Attachments.Page(500), "text/html"));

        await using MediaAnswer download = await _internet.GetAsync(Link, expectedType: expected);

        (download.Verdict, download.Content?.Type).ShouldBe(arrives ? (MediaVerdict.Arrived, MediaType.Unknown) : (MediaVerdict.SignIn, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("files.example.com/start")]
    [InlineData("/start")]
    [InlineData("https:///start")]
    [InlineData("https://")]
    [InlineData("https://files.example.com/a\nb")]
    [InlineData("https://files.example.com/a\0")]
    [InlineData("https://files.example.com/\u0085")]
    [InlineData("http://files.example.com/start")]
    [InlineData("HTTP://127.0.0.1/start")]
    [InlineData("https://user@files.example.com/start")]
    public async Task What_is_not_a_link_over_https_is_refused(string link)
    {
        await using MediaAnswer download = await _internet.GetAsync(link);

        (download.Verdict, download.Content).ShouldBe((MediaVerdict.Refused, null));
        download.Reason.ShouldNotBeNull();
        _internet.Connected.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_may_have_8192_characters()
    {
        string path = "/" + new string('a', MediaLink.MaxLength - "https://files.example.com/".Length);
        _internet.Put(path, File(Attachments.Jpeg(100)));

        await using MediaAnswer longest = await _internet.GetAsync("https://files.example.com" + path);
        await using MediaAnswer longer = await _internet.GetAsync("https://files.example.com" + path + "a");

        (longest.Verdict, longer.Verdict).ShouldBe((MediaVerdict.Arrived, MediaVerdict.Refused));
    }

    [Theory]
    [InlineData("http://localhost:5001/start", true, "127.0.0.1")]
    [InlineData("http://127.0.0.1:5001/start", true, "127.0.0.1")]
    [InlineData("http://[::1]:5001/start", true, "::1")]
    [InlineData("https://localhost:5001/start", true, "127.0.0.1")]
    [InlineData("https://here.example.com/start", true, "127.0.0.1")]
    [InlineData("https://files.example.com/start", true, "93.184.216.34")]
    [InlineData("http://files.example.com/start", false)]
    [InlineData("http://here.example.com/start", false)]
    [InlineData("http://moved:5001/start", false)]
    [InlineData("http://10.0.0.1/start", false)]
    [InlineData("https://10.0.0.1/start", false)]
    [InlineData("https://169.254.169.254/start", false)]
    [InlineData("https://[::ffff:10.0.0.1]/start", false)]
    [InlineData("https://0.0.0.0/start", false)]
    [InlineData("https://both.example.com/start", false)]
    public async Task A_source_on_this_machine_may_lead_to_this_machine_and_no_other_private_place(string link, bool arrives, params string[] connected)
    {
        _internet.Name("here.example.com", "127.0.0.1");
        _internet.Name("both.example.com", "127.0.0.1", "10.0.0.1");
        _internet.Put("/start", Redirect(link.Replace("/start", "/file", StringComparison.Ordinal)));
        _internet.Put("/file", File(Attachments.Jpeg(100)));

        await using MediaAnswer download = await _internet.GetAsync(link, allowsThisMachine: true);

        download.Verdict.ShouldBe(arrives ? MediaVerdict.Arrived : MediaVerdict.Refused);
        _internet.Connected.Select(c => c.Address.ToString()).Distinct().ShouldBe(connected);
    }

    [Fact]
    public async Task Over_http_the_name_of_this_machine_leads_nowhere_else()
    {
        _internet.Name("localhost", "93.184.216.34");

        await using MediaAnswer download = await _internet.GetAsync("http://localhost/start", allowsThisMachine: true);

        download.Verdict.ShouldBe(MediaVerdict.Refused);
        _internet.Connected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://localhost:5001/start", "https://files.example.com/file", true)]
    [InlineData("http://localhost:5001/start", "http://127.0.0.1:5002/file", true)]
    [InlineData("http://localhost:5001/start", "http://files.example.com/file", false)]
    [InlineData("http://localhost:5001/start", "https://10.0.0.1/file", false)]
    [InlineData("https://localhost:5001/start", "http://localhost:5001/file", false)]
    [InlineData("https://files.example.com/start", "http://localhost:5001/file", false)]
    public async Task A_redirect_on_this_machine_is_checked_too(string link, string location, bool arrives)
    {
        _internet.Put("/start", Redirect(location));
        _internet.Put("/file", File(Attachments.Jpeg(100)));

        await using MediaAnswer download = await _internet.GetAsync(link, allowsThisMachine: true);

        download.Verdict.ShouldBe(arrives ? MediaVerdict.Arrived : MediaVerdict.Refused);
        _internet.Connected.ShouldAllBe(c => IPAddress.IsLoopback(c.Address) || PublicAddress.Is(c.Address));
    }

    [Fact]
    public async Task An_unknown_host_is_unavailable()
    {
        await using MediaAnswer download = await _internet.GetAsync("https://nowhere.invalid/file");

        (download.Verdict, download.Reason).ShouldBe((MediaVerdict.Unavailable, "its host is unknown"));
    }

    [Fact]
    public async Task A_host_without_a_valid_certificate_is_unavailable()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new PublicConnector((_, _) => Task.FromResult<IPAddress[]>([PublicPlace]), _internet.ConnectAsync));
        await using ServiceProvider provider = services.AddMediaClient().BuildServiceProvider();

        await using MediaAnswer download = await provider.GetRequiredService<MediaClient>().GetAsync(Link, 100, null, allowsThisMachine: false, Cancellation);

        (download.Verdict, download.Reason).ShouldBe((MediaVerdict.Unavailable, "no secure connection to its host"));
        _internet.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_that_no_longer_waits_ends_the_download()
    {
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _internet.Put("/start", async (stream, cancellationToken) =>
        {
            await Bytes("HTTP/1.1 200 OK\nContent-Length: 400000\n", new byte[300_000])(stream, cancellationToken);
            await canceled.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });

        await Should.ThrowAsync<OperationCanceledException>(
            () => _internet.Client.GetAsync(Link, 1_000_000, null, allowsThisMachine: false, canceled.Token).WaitAsync(Patience.Limit, Cancellation));
    }

    [Theory]
    [InlineData("Content-Type: IMAGE/Jpeg; a=b", "image/jpeg")]
    [InlineData("Content-Type: a b c", null)]
    [InlineData("X-None: 1", null)]
    public async Task The_declared_type_is_kept_as_a_media_type(string header, string? declared)
    {
        _internet.Put("/start", Bytes($"HTTP/1.1 200 OK\n{header}\nContent-Length: 1\n", 1));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        download.Content!.DeclaredType.ShouldBe(declared);
    }

    [Theory]
    [InlineData(126, true)]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public async Task A_declared_type_of_more_than_127_characters_is_left_out(int length, bool isKept)
    {
        string type = "a/".PadRight(length, 'b');
        _internet.Put("/start", Bytes($"HTTP/1.1 200 OK\nContent-Type: {type}\nContent-Length: 1\n", 1));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        download.Content!.DeclaredType.ShouldBe(isKept ? type : null);
    }

    [Fact]
    public async Task The_rate_headers_of_the_first_answer_are_passed_on()
    {
        _internet.Put("/start", Bytes("HTTP/1.1 302 Found\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nLocation: /file\nContent-Length: 0\n"));
        _internet.Put("/file", Bytes("HTTP/1.1 200 OK\nX-RateLimit-Limit: 1\nX-RateLimit-Remaining: 1\nContent-Length: 1\n", 1));
        _internet.Put("/late", Bytes("HTTP/1.1 429 Too Many Requests\nRetry-After: 17\nX-RateLimit-Remaining: none\nContent-Length: 0\n"));
        _internet.Put("/silent", Bytes("HTTP/1.1 404 Not Found\nContent-Length: 0\n"));

        await using MediaAnswer moved = await _internet.GetAsync(Link);
        await using MediaAnswer late = await _internet.GetAsync("https://files.example.com/late");
        await using MediaAnswer silent = await _internet.GetAsync("https://files.example.com/silent");

        moved.RateLimit.ShouldBe(new MediaRate(60, 59, null, Throttled: false));
        late.RateLimit.ShouldBe(new MediaRate(null, null, TimeSpan.FromSeconds(17), Throttled: true));
        silent.RateLimit.ShouldBeNull();
    }

    [Fact]
    public async Task The_temporary_file_is_private_and_nobody_finds_it()
    {
        await using FileStream file = MediaContent.CreateFile();
        await file.WriteAsync(new byte[10], Cancellation);

        Path.IsPathFullyQualified(file.Name).ShouldBeTrue();
        System.IO.File.Exists(file.Name).ShouldBe(OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows())
            System.IO.File.GetUnixFileMode(file.SafeFileHandle).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.Length.ShouldBe(10);
    }

    [Fact]
    public async Task A_released_file_is_not_readable_and_is_released_once()
    {
        _internet.Put("/small", File(Attachments.Jpeg(1_000)));
        _internet.Put("/large", File(Attachments.Jpeg(400_000)));
        foreach (string path in (string[])["small", "large"])
        {
            MediaAnswer download = await _internet.GetAsync($"https://files.example.com/{path}");
            await download.DisposeAsync();
            await download.DisposeAsync();

            await Should.ThrowAsync<ObjectDisposedException>(() => download.Content!.CopyToAsync(Stream.Null, Cancellation));
        }
    }

    private static async Task<byte[]> BytesOfAsync(MediaContent content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }
}
