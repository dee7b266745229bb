using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Media;
using KapsoArchive.Core.Network;
using static KapsoArchive.Tests.Media.MadeUpInternet;

namespace KapsoArchive.Tests.Media;

/// <summary>What a link may answer to harm or deceive: each answer directly, after a redirect and after five, with a small and a large file.</summary>
public sealed class HostileAnswersTests : IAsyncDisposable
{
    private const int Most = 1_000_000;

    private const string Link = "https://files.example.com/start";

    private static readonly Lazy<byte[]> Bomb = new(() => Zipped(new byte[50_000_000]));

    /// <summary>By name: the answer with a file of some length, how the download ends, and why.</summary>
    private static readonly Dictionary<string, (Func<byte[], Answer> Answer, MediaVerdict Verdict, string? Reason)> Answers = new()
    {
        ["404"] = Status(404, MediaVerdict.Gone),
        ["410"] = Status(410, MediaVerdict.Gone),
        ["401"] = Status(401, MediaVerdict.Forbidden),
        ["403"] = Status(403, MediaVerdict.Forbidden),
        ["204"] = Status(204, MediaVerdict.Unavailable),
        ["206"] = Status(206, MediaVerdict.Unavailable),
        ["300"] = Status(300, MediaVerdict.Unavailable),
        ["304"] = Status(304, MediaVerdict.Unavailable),
        ["400"] = Status(400, MediaVerdict.Unavailable),
        ["402"] = Status(402, MediaVerdict.Unavailable),
        ["407"] = Status(407, MediaVerdict.Unavailable),
        ["408"] = Status(408, MediaVerdict.Unavailable),
        ["416"] = Status(416, MediaVerdict.Unavailable),
        ["425"] = Status(425, MediaVerdict.Unavailable),
        ["429"] = Status(429, MediaVerdict.Unavailable),
        ["500"] = Status(500, MediaVerdict.Unavailable),
        ["502"] = Status(502, MediaVerdict.Unavailable),
        ["503"] = Status(503, MediaVerdict.Unavailable),
        ["504"] = Status(504, MediaVerdict.Unavailable),
        ["999"] = Status(999, MediaVerdict.Unavailable),
        ["no answer"] = (_ => (_, _) => Task.CompletedTask, MediaVerdict.Unavailable, "the answer broke off"),
        ["not HTTP"] = (f => (s, c) => s.WriteAsync(f, c).AsTask(), MediaVerdict.Unavailable, "the answer is not valid HTTP"),
        ["half a head"] = (_ => Bytes("HTTP/1.1 200 OK\nContent-Type: image/"), MediaVerdict.Unavailable, "the answer broke off"),
        ["truncated"] = (f => Bytes($"HTTP/1.1 200 OK\nContent-Length: {f.Length}\n", f[..^1]), MediaVerdict.Unavailable, "the answer broke off"),
        ["no body"] = (f => Bytes($"HTTP/1.1 200 OK\nContent-Length: {f.Length}\n"), MediaVerdict.Unavailable, "the answer broke off"),
        ["truncated between chunks"] = (f => Chunks(Attachments.Chunked(f, ends: false)), MediaVerdict.Unavailable, "the answer broke off"),
        ["truncated in a chunk"] = (f => Chunks(Attachments.Chunked(f)[..^20]), MediaVerdict.Unavailable, "the answer broke off"),
        ["invalid chunk"] = (f => Chunks([.. Attachments.Chunked(f, ends: false), .. "zz\r\n"u8]), MediaVerdict.Unavailable, "the answer broke off"),
        ["chunk without limit"] = (f => Chunks([.. "ffffffffffffffffff\r\n"u8, .. f]), MediaVerdict.Unavailable, "the answer broke off"),
        ["chunks longer than declared"] =
            (f => Chunks(Attachments.Chunked(f), $"Content-Length: {f.Length - 10}\n"), MediaVerdict.Unavailable, "the answer has not the length that it states"),
        ["chunks shorter than declared"] =
            (f => Chunks(Attachments.Chunked(f), $"Content-Length: {f.Length + 10}\n"), MediaVerdict.Unavailable, "the answer has not the length that it states"),
        ["empty"] = (_ => File([]), MediaVerdict.Unavailable, "the answer is empty"),
        ["empty without a length"] = (_ => Bytes("HTTP/1.1 200 OK\nConnection: close\n"), MediaVerdict.Unavailable, "the answer is empty"),
        ["empty in chunks"] = (_ => Chunks(Attachments.Chunked([])), MediaVerdict.Unavailable, "the answer is empty"),
        ["negative length"] = Length("-5"),
        ["length in words"] = Length("many"),
        ["length of 2^70"] = Length("1180591620717411303424"),
        ["two lengths"] = Length("5, 6"),
        ["two headers of length"] = Length("5\nContent-Length: 6"),
        ["declared too large"] = (f => Bytes("HTTP/1.1 200 OK\nContent-Length: 1000001\n", f), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["declared as 8 EB"] = (f => Bytes("HTTP/1.1 200 OK\nContent-Length: 9223372036854775807\n", f), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["one byte too many in chunks"] = (_ => Chunks(Attachments.Chunked(Attachments.Jpeg(Most + 1))), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["one byte too many without a length"] =
            (_ => Bytes("HTTP/1.1 200 OK\nConnection: close\n", Attachments.Jpeg(Most + 1)), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["endless"] = (f => Endless("HTTP/1.1 200 OK\n", f), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["endless in chunks"] =
            (f => Endless("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", Attachments.Chunked(f, ends: false)), MediaVerdict.TooLarge, "it is larger than 1 MB"),
        ["gzip"] = (f => Bytes("HTTP/1.1 200 OK\nContent-Encoding: gzip\n", Zipped(f)), MediaVerdict.Unavailable, "the answer is compressed"),
        ["gzip bomb"] = (_ => Bytes("HTTP/1.1 200 OK\nContent-Encoding: gzip\n", Bomb.Value), MediaVerdict.Unavailable, "the answer is compressed"),
        ["unknown encoding"] = (f => Bytes("HTTP/1.1 200 OK\nContent-Encoding: identity, x-odd\n", f), MediaVerdict.Unavailable, "the answer is compressed"),
        ["gzip in transfer"] =
            (f => Bytes("HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n", Attachments.Chunked(Zipped(f))), MediaVerdict.Unavailable, "the answer is compressed"),
        ["one header of 1 MB"] =
            (f => Bytes($"HTTP/1.1 200 OK\nX-Long: {new string('x', 1_000_000)}\n", f), MediaVerdict.Unavailable, "the headers of the answer are too long"),
        ["100,000 headers"] = (f => Bytes(
            "HTTP/1.1 200 OK\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"X-{i}: 1\n")), f), MediaVerdict.Unavailable, "the headers of the answer are too long"),
        ["status line of 1 MB"] = (f => Bytes($"HTTP/1.1 200 {new string('x', 1_000_000)}\n", f), MediaVerdict.Unavailable, "the headers of the answer are too long"),
        ["page"] = (f => File(Attachments.Page(f.Length), "text/html; charset=utf-8"), MediaVerdict.SignIn, WebPageReason),
        ["page declared as a picture"] = (f => File(Attachments.Page(f.Length)), MediaVerdict.SignIn, WebPageReason),
        ["page in chunks"] = (f => Chunks(Attachments.Chunked(Attachments.Page(f.Length))), MediaVerdict.SignIn, WebPageReason),
        ["page after white space"] = (f => File([0xEF, 0xBB, 0xBF, .. "\r\n\t <HTML>"u8, .. f]), MediaVerdict.SignIn, WebPageReason),
        ["page in UTF-16"] = (f => File([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<html>"), .. f]), MediaVerdict.SignIn, WebPageReason),
        ["page that begins with a comment"] = (f => File([.. "<!-- a --><p>"u8, .. f], "text/html"), MediaVerdict.SignIn, WebPageReason),
        ["page that is truncated"] =
            (f => Bytes($"HTTP/1.1 200 OK\nContent-Length: {f.Length}\nContent-Type: text/html\n", Attachments.Page(f.Length)[..^1]), MediaVerdict.SignIn, WebPageReason),
        ["endless page"] = (_ => Endless("HTTP/1.1 200 OK\nContent-Type: text/html\n", Attachments.Page(20_000)), MediaVerdict.SignIn, WebPageReason),
        ["redirect in a circle"] = (_ => Redirect(Link), MediaVerdict.Unavailable, "it redirects more than 5 times"),
        ["redirect to itself"] = (_ => Redirect("#again"), MediaVerdict.Unavailable, "it redirects more than 5 times"),
        ["redirect without an address"] = (_ => Bytes("HTTP/1.1 302 Found\nContent-Length: 0\n"), MediaVerdict.Unavailable, "it redirects to no readable address"),
        ["redirect to nothing readable"] = (_ => Redirect("https://[::gg]/a"), MediaVerdict.Unavailable, "it redirects to no readable address"),
        ["redirect to a port that does not exist"] = (_ => Redirect("https://files.example.com:99999/a"), MediaVerdict.Unavailable, "it redirects to no readable address"),
        ["redirect to a long address"] = (_ => Redirect("https://files.example.com/" + new string('a', 9_000)), MediaVerdict.Refused, "the link is too long"),
    };

    /// <summary>Silent at some point, so that the patience ends.</summary>
    private static readonly Dictionary<string, Func<byte[], TaskCompletionSource, Answer>> Silent = new()
    {
        ["before the head"] = (_, silent) => Then("", [], silent),
        ["in the head"] = (_, silent) => Then("HTTP/1.1 200 OK\nContent-Type: im", [], silent),
        ["after the head"] = (f, silent) => Then($"HTTP/1.1 200 OK\nContent-Length: {f.Length}\n\n", [], silent),
        ["in the body"] = (f, silent) => Then($"HTTP/1.1 200 OK\nContent-Length: {f.Length}\n\n", f[..^1], silent),
        ["between chunks"] = (f, silent) => Then("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", Attachments.Chunked(f, ends: false), silent),
        ["without a length, after all of it"] = (f, silent) => Then("HTTP/1.1 200 OK\n\n", f, silent),
        ["between interim answers"] = (_, silent) => async (stream, cancellationToken) =>
        {
            silent.SetResult();
            while (true)
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
                await Task.Delay(1, cancellationToken);
            }
        },
    };

    /// <summary>Places that no answer may lead to, and why they are refused.</summary>
    private static readonly (string Location, string Reason)[] ForbiddenPlaces =
    [
        .. new[]
        {
            "10.0.0.1", "10.255.255.255", "127.0.0.1", "127.8.9.10", "169.254.169.254", "192.168.0.1", "172.16.0.1", "172.31.255.254", "100.64.0.1", "[::1]", "[::]", "[::ffff:10.0.0.1]",
            "[::ffff:7f00:1]", "[64:ff9b::a9fe:a9fe]", "[fd00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[2002:7f00:1::1]", "0.0.0.0", "224.0.0.1", "239.1.2.3", "240.0.0.1",
            "255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "168.63.129.16", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "10.1",
            "localhost", "private.example.com", "half.example.com", "mapped.example.com", "rebound.example.com", "127.0.0.1:8443", "private.example.com:8443",
        }.Select(h => ($"https://{h}/file", "it leads to an address that is not public")),
        ("https://somebody@files.example.com/file", "the link contains a user name"),
        ("https://somebody:secret@files.example.com/file", "the link contains a user name"),
        ("https://files.example.com@127.0.0.1/file", "the link contains a user name"),
        .. new[]
        {
            "file:///etc/passwd", "ftp://files.example.com/file", "gopher://files.example.com/file", "data:text/plain,file", "javascript:alert(1)", "ws://files.example.com/file",
            "unix:///run/docker.sock", "blob:https://files.example.com/1", "mailto:somebody@example.com",
        }.Select(l => (l, "it does not lead to an https address")),
    ];

    private readonly MadeUpInternet _internet = new();
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reboundLookups;

    public HostileAnswersTests()
    {
        _internet.Name("private.example.com", "10.1.2.3");
        _internet.Name("half.example.com", "93.184.216.34", "192.168.7.7");
        _internet.Name("mapped.example.com", "::ffff:192.168.7.7");
        _internet.Name("rebound.example.com", () => [++_reboundLookups == 1 ? PublicPlace : IPAddress.Loopback]);
    }

    private const string WebPageReason = "it answers with a web page in place of the file";

    public static TheoryData<string, int, int> EveryAnswer => Variants(Answers.Keys);

    public static TheoryData<string, int, int> EverySilence => Variants(Silent.Keys);

    public static TheoryData<string, int> EveryRedirect
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach ((string location, _) in ForbiddenPlaces.Append(("http://files.example.com/file", "")))
            {
                foreach (int status in (int[])[301, 302, 303, 307, 308])
                    data.Add(location, status);
            }

            return data;
        }
    }

    public static TheoryData<string> EveryForbiddenPlace => [.. ForbiddenPlaces.Select(p => p.Location).Append("http://files.example.com/file")];

    public async ValueTask DisposeAsync()
    {
        // No endpoint but public ones was ever given to the connector, in any test.
        _internet.Connected.ShouldAllBe(c => PublicAddress.Is(c.Address));
        await _internet.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(EveryAnswer))]
    public async Task Each_answer_ends_as_documented(string name, int redirects, int length)
    {
        (Func<byte[], Answer> answer, MediaVerdict verdict, string? reason) = Answers[name];
        Lead(redirects, answer(Attachments.Jpeg(length)));

        await using MediaAnswer download = await _internet.GetAsync(Link, Most);

        // The sixth redirect ends it, wherever it leads.
        (verdict, reason) = redirects == 5 && name.StartsWith("redirect", StringComparison.Ordinal) ? (MediaVerdict.Unavailable, "it redirects more than 5 times") : (verdict, reason);
        (download.Verdict, download.Reason, download.Content).ShouldBe((verdict, reason, null));
    }

    [Theory]
    [MemberData(nameof(EverySilence))]
    public async Task Each_silence_ends_after_30_seconds(string name, int redirects, int length)
    {
        Lead(redirects, Silent[name](Attachments.Jpeg(length), _silent));

        await using MediaAnswer download = await _internet.GetAsTimePassesAsync(Link, _silent.Task);

        (download.Verdict, download.Reason, download.Content).ShouldBe((MediaVerdict.Unavailable, "nothing came for 30 seconds", null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task An_endless_trickle_ends_after_10_minutes(int redirects)
    {
        using var bytes = new SemaphoreSlim(0);
        Lead(redirects, async (stream, cancellationToken) =>
        {
            await Bytes("HTTP/1.1 200 OK\nContent-Length: 100000\n")(stream, cancellationToken);
            while (true)
            {
                await bytes.WaitAsync(cancellationToken);
                await stream.WriteAsync(new byte[1], cancellationToken);
            }
        });

        Task<MediaAnswer> getting = _internet.GetAsync(Link);
        int sent = 0;
        // One byte each 20 seconds, each only when the client waits for it.
        for (int settings = redirects + 2; !getting.IsCompleted; settings++)
        {
            while (_internet.Time.Settings < settings && !getting.IsCompleted)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            _internet.Time.Advance(TimeSpan.FromSeconds(20));
            bytes.Release();
            sent++;
        }

        await using MediaAnswer download = await getting;
        (download.Verdict, download.Reason, download.Content).ShouldBe((MediaVerdict.Unavailable, "it took longer than 10 minutes", null));
        sent.ShouldBeInRange(30, 31);
    }

    [Theory]
    [MemberData(nameof(EveryRedirect))]
    public async Task No_redirect_leads_to_such_a_place(string location, int status)
    {
        await VisitReboundAsync(location);
        Lead(1, Redirect(location, status));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        (download.Verdict, download.Reason, download.Content).ShouldBe((MediaVerdict.Refused, location.StartsWith("http:", StringComparison.Ordinal) ? "it leads from https to http" : ReasonOf(location), null));
        _internet.Requests.Count(r => r.StartsWith("GET /file ", StringComparison.Ordinal)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(EveryForbiddenPlace))]
    public async Task No_link_leads_to_such_a_place(string link)
    {
        await VisitReboundAsync(link);
        int before = _internet.Connected.Count;

        await using MediaAnswer download = await _internet.GetAsync(link);

        (download.Verdict, download.Reason, download.Content).ShouldBe((MediaVerdict.Refused, ReasonOf(link), null));
        _internet.Connected.Count.ShouldBe(before);
    }

    /// <summary>This is what the tests above would see if the check were broken.</summary>
    [Theory]
    [InlineData("https://10.0.0.1/file", "10.0.0.1")]
    [InlineData("https://private.example.com/file", "10.1.2.3")]
    [InlineData("https://0x7f000001/file", "127.0.0.1")]
    [InlineData("https://[::ffff:10.0.0.1]/file", "::ffff:10.0.0.1")]
    public async Task Without_the_check_the_private_address_is_connected_to(string location, string address)
    {
        await using var unchecked_ = new MadeUpInternet(isPublic: _ => true);
        unchecked_.Name("private.example.com", "10.1.2.3");
        unchecked_.Put("/start", Redirect(location));
        unchecked_.Put("/file", File(Attachments.Jpeg(100)));

        await using MediaAnswer download = await unchecked_.GetAsync(Link);

        download.Verdict.ShouldBe(MediaVerdict.Arrived);
        unchecked_.Connected.Select(c => c.Address).ShouldBe([PublicPlace, IPAddress.Parse(address)]);
    }

    [Theory]
    [InlineData(0, 5_000)]
    [InlineData(1, 5_000)]
    [InlineData(5, 5_000)]
    [InlineData(0, 400_000)]
    [InlineData(1, 400_000)]
    [InlineData(5, 400_000)]
    public async Task Bytes_after_the_declared_length_are_not_stored(int redirects, int length)
    {
        byte[] file = Attachments.Jpeg(length);
        Lead(redirects, Bytes($"HTTP/1.1 200 OK\nContent-Length: {length}\n", [.. file, .. "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"u8]));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        (download.Verdict, download.Content!.Length, download.Content.Sha256).ShouldBe((MediaVerdict.Arrived, length, Convert.ToHexStringLower(SHA256.HashData(file))));
    }

    [Theory]
    [InlineData("image/png", "%PDF-1.7 ", "application/pdf", "pdf")]
    [InlineData("image/jpeg", "MZ program", "application/octet-stream", "bin")]
    [InlineData("image/jpeg", "<svg onload=alert(1)>", "application/octet-stream", "bin")]
    [InlineData("image/svg+xml", "<?xml version='1.0'?><svg>", "application/octet-stream", "bin")]
    [InlineData("application/x-evil; a=b", "BEGIN:VCARD\nVERSION:3.0", "text/vcard", "vcf")]
    public async Task The_declared_type_decides_nothing(string declared, string file, string type, string extension)
    {
        Lead(1, File(Encoding.UTF8.GetBytes(file), declared));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        (download.Content!.Type, download.Content.DeclaredType).ShouldBe((new MediaType(type, extension), declared.Split(';')[0]));
    }

    [Fact]
    public async Task No_reason_contains_the_link_the_host_or_the_answer()
    {
        Lead(1, Bytes("HTTP/1.1 403 SecretWord\nContent-Length: 10\nX-SecretWord: SecretWord\n", [.. "SecretWord"u8]));

        await using MediaAnswer download = await _internet.GetAsync(Link);

        download.Reason.ShouldBe("the link answers 403");
    }

    private static (Func<byte[], Answer>, MediaVerdict, string?) Status(int status, MediaVerdict verdict) =>
        (f => Bytes($"HTTP/1.1 {status} Word\nContent-Type: image/jpeg\nContent-Length: {f.Length}\n", f), verdict, $"the link answers {status}");

    private static (Func<byte[], Answer>, MediaVerdict, string?) Length(string value) =>
        (f => Bytes($"HTTP/1.1 200 OK\nContent-Type: image/jpeg\nContent-Length: {value}\n", f), MediaVerdict.Unavailable, "the length of the answer is invalid");

    private static Answer Chunks(byte[] chunks, string headers = "") => Bytes($"HTTP/1.1 200 OK\n{headers}Transfer-Encoding: chunked\n", chunks);

    private static Answer Endless(string head, byte[] piece) => async (stream, cancellationToken) =>
    {
        await Bytes(head)(stream, cancellationToken);
        while (true)
            await stream.WriteAsync(piece, cancellationToken);
    };

    private static Answer Then(string head, byte[] body, TaskCompletionSource silent) => async (stream, cancellationToken) =>
    {
        await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n")), .. body], cancellationToken);
        silent.SetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    };

    private static byte[] Zipped(byte[] file)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(file);
        return zipped.ToArray();
    }

    private static TheoryData<string, int, int> Variants(IEnumerable<string> names)
    {
        var data = new TheoryData<string, int, int>();
        foreach (string name in names)
        {
            foreach (int redirects in (int[])[0, 1, 5])
            {
                foreach (int length in (int[])[5_000, 400_000])
                    data.Add(name, redirects, length);
            }
        }

        return data;
    }

    private static string ReasonOf(string location) => ForbiddenPlaces.FirstOrDefault(p => p.Location == location).Reason ?? "it does not lead to an https address";

    /// <summary>Puts an answer behind a number of redirects, over three hosts.</summary>
    private void Lead(int redirects, Answer answer)
    {
        _internet.Put(redirects == 0 ? "/start" : $"/{redirects}", answer);
        for (int i = 0; i < redirects; i++)
            _internet.Put(i == 0 ? "/start" : $"/{i}", Redirect($"https://files{i % 3}.example.com/{i + 1}", i % 2 == 0 ? 302 : 307));
    }

    /// <summary>The first look at a name finds a public address; each later one finds this machine.</summary>
    private async Task VisitReboundAsync(string link)
    {
        if (!link.Contains("rebound", StringComparison.Ordinal))
            return;
        await using MediaAnswer first = await _internet.GetAsync("https://rebound.example.com/first");
        first.Verdict.ShouldBe(MediaVerdict.Gone);
    }
}
