using System.IO.Compression;
using System.Text;
using KapsoArchive.Core.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Kapso;

/// <summary>What only a connection can do wrong, or right.</summary>
public sealed class ConnectionTests
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(Answers.PageJson);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stalled_body_ends_with_its_attempt_and_is_requested_again()
    {
        var clock = new WaitingClock(TestSource.AttemptTimeout);
        int requests = 0;
        using var transport = new ScriptedTransport(_ => Task.FromResult(++requests == 1 ? Stalled() : Answers.Page()));
        await using TestSource source = TestSource.Over(transport, clock);

        Task<Page> page = source.GetPageAsync();
        await clock.NextAttemptAsync(Cancellation);
        clock.Advance(TestSource.AttemptTimeout);
        clock.Advance(await clock.NextWaitAsync(Cancellation));

        (await page).Records.Count.ShouldBe(1);
        requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_silent_source_is_reported_as_such()
    {
        var clock = new WaitingClock(TestSource.AttemptTimeout);
        using var transport = new ScriptedTransport(async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return Answers.Page();
        });
        await using TestSource source = TestSource.Over(transport, clock, maxRetries: 0);

        Task<Page> page = source.GetPageAsync();
        await clock.NextAttemptAsync(Cancellation);
        clock.Advance(TestSource.AttemptTimeout);

        (await Should.ThrowAsync<KapsoException>(page)).Message.ShouldBe("Kapso did not answer in time.");
    }

    [Fact]
    public async Task A_request_is_repeated_if_its_connection_breaks_in_the_body()
    {
        int requests = 0;
        await using LocalServer server = await LocalServer.StartAsync(async context =>
        {
            context.Response.ContentLength = Page.Length;
            bool breaks = Interlocked.Increment(ref requests) == 1;
            await context.Response.BodyWriter.WriteAsync(breaks ? Page.AsMemory(0, 20) : Page, context.RequestAborted);
            if (breaks)
                context.Abort();
        });
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await source.GetPageAsync()).Records.Count.ShouldBe(1);
        server.Keys.ShouldBe([TestSource.Key, TestSource.Key]);
    }

    [Fact]
    public async Task A_refused_connection_is_reported_in_words()
    {
        Uri address;
        await using (LocalServer server = await LocalServer.StartAsync(_ => Task.CompletedTask))
            address = server.BaseUrl;
        await using TestSource source = TestSource.At(address);

        (await source.FailAsync()).Message.ShouldStartWith("The connection to Kapso failed: ");
        source.Counters.Requests.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_over_the_limit_is_given_up_and_not_requested_again(bool announced)
    {
        long sent = 0;
        await using LocalServer server = await LocalServer.StartAsync(async context =>
        {
            const long Length = 1L << 40;
            if (announced)
                context.Response.ContentLength = Length;
            byte[] spaces = new byte[64 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            for (; sent < Length && !context.RequestAborted.IsCancellationRequested; sent += spaces.Length)
                await context.Response.Body.WriteAsync(spaces, context.RequestAborted);
        });
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await Should.ThrowAsync<PageTooLargeException>(source.GetPageAsync)).Message.ShouldBe("A page is larger than 32 MB (Kapso:MaxPageMegabytes).");
        server.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_large_page_is_read_completely()
    {
        string record = $$"""{"id":"m1","content":"{{new string('x', 16_000_000)}}"}""";
        await using LocalServer server = await LocalServer.StartAsync(context => context.Response.WriteAsync($$"""{"data":[{{record}}]}""", context.RequestAborted));
        await using TestSource source = TestSource.At(server.BaseUrl);

        Encoding.UTF8.GetString((await source.GetPageAsync()).Records.ShouldHaveSingleItem().Span).Equals(record, StringComparison.Ordinal).ShouldBeTrue();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_page_is_read(string encoding)
    {
        await using LocalServer server = await LocalServer.StartAsync(context => SendAsync(context, encoding, Compress(encoding)));
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await source.GetPageAsync()).Records.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("br", false)]
    [InlineData("br", true)]
    public async Task Broken_compression_is_retried_and_reported_in_words(string encoding, bool cutOff)
    {
        byte[] body = cutOff ? Compress(encoding)[..^12] : "this was never compressed, whatever the header says"u8.ToArray();
        await using LocalServer server = await LocalServer.StartAsync(context => SendAsync(context, encoding, body));
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await source.FailAsync()).ShouldBeOfType<UnexpectedAnswerException>();
        server.Keys.Count.ShouldBe(3);
    }

    private static async Task SendAsync(HttpContext context, string encoding, byte[] body)
    {
        context.Response.Headers.ContentEncoding = encoding;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Compress(string encoding)
    {
        using var buffer = new MemoryStream();
        using (Stream compressing = encoding == "br" ? new BrotliStream(buffer, CompressionMode.Compress) : new GZipStream(buffer, CompressionMode.Compress))
            compressing.Write(Page);
        return buffer.ToArray();
    }

    private static HttpResponseMessage Stalled() => new() { Content = new StreamContent(new StalledStream()) };
}
