using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Cli;

/// <summary>The program against sources that send too much: it ends, it names the bound with its setting, and its memory stays below 400
/// MB.</summary>
public sealed class HostileSourceTests : IDisposable
{
    private const long MostMemory = 400L * 1024 * 1024;

    private static readonly byte[] Spaces = [.. Enumerable.Repeat((byte)' ', 64 * 1024)];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal)
    {
        ["Kapso__ApiKey"] = "key",
        ["Kapso__MaxRetries"] = "1",
        ["Kapso__RetryDelay"] = "00:00:00",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("announced", 4)]
    [InlineData("chunked", 2)]
    [InlineData("gzip", 2)]
    [InlineData("br", 2)]
    public async Task An_endless_page_or_a_compression_bomb_is_stopped_at_the_limit(string form, int conversations)
    {
        byte[] body = form is "gzip" or "br" ? Bomb(form) : [];
        await using LocalServer source = await LocalServer.StartAsync(context => Query(context).Size > 1
            ? SendTooMuchAsync(context, form, body)
            : SendRecordsAsync(context, Query(context).Page, 1, 3, i => $$"""{"id":"{{Path(context)[0]}}-{{i}}"}"""));

        Ended run = await RunAsync(source, [.. Enumerable.Range(0, conversations).Select(i => $"c-{i}")]);

        run.ExitCode.ShouldBe(3, "the end of a listing of single records is not proven");
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(3 * conversations);
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task Eight_large_pages_at_once_stay_within_the_memory_limit()
    {
        _settings["Kapso__AttemptTimeout"] = "00:05:00";
        string content = new('x', 15_000_000);
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            (int page, int size) = Query(context);
            return SendRecordsAsync(context, page, size, 2, i => $$"""{"id":"{{Path(context)[0]}}-{{i}}","created_at":"2026-03-01T00:00:0{{9 - i}}Z","content":"{{content}}"}""");
        });

        Ended run = await RunAsync(source, [.. Enumerable.Range(0, 8).Select(i => $"c-{i}")]);

        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(16);
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task Eight_conversations_of_several_large_pages_stay_within_the_memory_limit()
    {
        const int Records = 25;
        const int MostPerPage = 10; // Some 30 MB.
        _settings["Kapso__AttemptTimeout"] = "00:05:00";
        string content = new('x', 3_000_000);
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            (int page, int size) = Query(context);
            return SendRecordsAsync(
                context,
                page,
                Math.Min(size, MostPerPage),
                Records,
                i => $$"""{"id":"{{Path(context)[0]}}-{{i}}","created_at":"2026-03-01T00:{{59 - i}}:00Z","content":"{{content}}"}""");
        });

        Ended run = await RunAsync(source, [.. Enumerable.Range(0, 8).Select(i => $"c-{i}")]);

        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(8 * Records);
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task A_record_over_the_limit_loses_only_that_record()
    {
        string large = $$"""{"id":"m-430","content":"{{new string('x', 17 * 1024 * 1024)}}"}""";
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            (int page, int size) = Query(context);
            return SendRecordsAsync(context, page, size, 1_000, i => i == 430 ? large : $$"""{"id":"m-{{i}}","created_at":"{{new DateTime(2026, 3, 1).AddMinutes(-i):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        });

        Ended run = await RunAsync(source, ["c"]);

        run.ExitCode.ShouldBe(3);
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(999);
        Reasons(run)["c"].ShouldBe("the source cannot give the record at 430 of the listing, counted from 0 (A record is larger than 16 MB (Kapso:MaxRecordMegabytes))");
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task An_id_of_ten_megabytes_is_rejected_without_losing_its_neighbours()
    {
        await using LocalServer source = await LocalServer.StartAsync(context => SendRecordsAsync(
            context, Query(context).Page, Query(context).Size, 3, i => $$"""{"id":"{{(i == 1 ? new string('i', 10_000_000) : $"m-{i}")}}"}"""));

        Ended run = await RunAsync(source, ["c"]);

        run.ExitCode.ShouldBe(0);
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(2);
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("rejected").GetInt64().ShouldBe(1);
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task A_page_of_millions_of_records_exceeds_the_limit()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"data":[{{string.Join(',', Enumerable.Repeat("{}", 8_000_000))}}]}""");
        await using LocalServer source = await LocalServer.StartAsync(context => context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask());

        Ended run = await RunAsync(source, ["c"]);

        run.ExitCode.ShouldBe(3);
        Reasons(run)["c"].ShouldContain("A page has more than 10000 records");
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Theory]
    [InlineData("new", "it continues after 20,000 records (Kapso:MaxMessages)")]
    [InlineData("rejected", "it continues after 20,000 records (Kapso:MaxMessages)")]
    [InlineData("repeated", "again and again")]
    public async Task An_endless_listing_ends_with_a_clear_message(string kind, string reason)
    {
        _settings["Kapso__MaxMessages"] = "20000";
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            (int page, int size) = Query(context);
            return SendRecordsAsync(context, page, size, int.MaxValue, i => kind switch
            {
                "new" => $$"""{"id":"m-{{i}}"}""",
                "rejected" => $$"""{"no-id":{{i}}}""",
                _ => $$"""{"id":"m-{{i % 100}}"}""",
            });
        });

        Ended run = await RunAsync(source, ["c"]);

        run.ExitCode.ShouldBe(3);
        Reasons(run)["c"].ShouldContain(reason);
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task An_endless_list_of_conversations_ends_with_a_clear_message()
    {
        _settings["Kapso__MaxListMegabytes"] = "8";
        string name = new('n', 60_000);
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            (int page, int size) = Query(context);
            return Path(context) is [_, _]
                ? SendAsync(context, "", 0)
                : SendRecordsAsync(context, page, size, int.MaxValue, i => $$"""{"id":"c-{{i}}","contact_name":"{{name}}"}""");
        });

        Ended run = await RunAsync(source, []);

        run.ExitCode.ShouldBe(3);
        run.Manifest.GetProperty("discovery").GetProperty("reason").GetString()!.ShouldMatch("^it continues after the [0-9]{3} conversations that fit in 8 MB \\(Kapso:MaxListMegabytes\\)$");
        run.PeakMemory.ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task Ids_that_would_change_the_URL_are_reported_and_never_requested()
    {
        string[] ids = [".", "..", "../..", "%2e%2e", "%2E", "%252e%252e", "..%2f..", "a/b", "a%5cb", "a\\b", " ..", "/", "good"];
        ConcurrentBag<string> targets = [];
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            targets.Add(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0]);
            return Path(context) is [_, _]
                ? SendAsync(context, """{"id":"m"}""", 1)
                : SendAsync(context, string.Join(',', ids.Append("").Select(i => $$"""{"id":{{JsonSerializer.Serialize(i)}}}""")), ids.Length + 1);
        });

        Ended run = await RunAsync(source, []);
        CliResult verified = await CliProcess.RunAsync(_folder.Path, Settings(source), "verify", "--quiet", "--out", "lake");

        run.ExitCode.ShouldBe(3);
        targets.Distinct().ShouldBe(["/api/v1/whatsapp_conversations", "/api/v1/whatsapp_conversations/good/whatsapp_messages"], ignoreOrder: true);
        Reasons(run).Keys.ShouldBe(ids[..^1], ignoreOrder: true);
        Reasons(run).Values.ShouldAllBe(r => r == "its id cannot be requested: in an address it would lead elsewhere");
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(1);
        run.Manifest.GetProperty("totals").GetProperty("rows").GetProperty("rejected").GetInt64().ShouldBe(1, "the empty id is none");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    public async Task A_redirect_to_another_host_ends_the_run_and_carries_no_key(int status)
    {
        await using LocalServer other = await LocalServer.StartAsync(context => SendAsync(context, """{"id":"m"}""", 1));
        await using LocalServer source = await LocalServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{other.BaseUrl}whatsapp_conversations";
            return Task.CompletedTask;
        });

        CliResult run = await CliProcess.RunAsync(_folder.Path, Settings(source), "run", "--quiet", "--out", "lake", "--conversations", "all");

        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("The API key is not sent there");
        other.Keys.ShouldBeEmpty();
    }

    private async Task<Ended> RunAsync(LocalServer source, string[] conversations)
    {
        string[] listed = conversations.Length == 0 ? ["--conversations", "all"] : [.. conversations.SelectMany(c => new[] { "--conversation", c })];
        using Process process = CliProcess.StartProcess(_folder.Path, Settings(source), ["run", "--quiet", "--json", "--out", "lake", .. listed]);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation);
        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        long peak = 0;
        var patience = Stopwatch.StartNew();
        try
        {
            while (!process.WaitForExit(20) && patience.Elapsed < Patience.Limit)
            {
                peak = Math.Max(peak, PeakOf(process));
            }

            process.HasExited.ShouldBeTrue("the program must end by itself");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        string json = await output;
        TestContext.Current.TestOutputHelper!.WriteLine($"exit {process.ExitCode}, peak {peak / 1024 / 1024} MB, {patience.Elapsed.TotalSeconds:0.0} s");
        json.ShouldStartWith("{", customMessage: await error);
        return new Ended(process.ExitCode, JsonDocument.Parse(json).RootElement, peak);
    }

    private static long PeakOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // It has just ended.
        }
    }

    private Dictionary<string, string> Settings(LocalServer source) => new(_settings) { ["Kapso__BaseUrl"] = source.BaseUrl.ToString() };

    private static Dictionary<string, string> Reasons(Ended run) => run.Manifest.GetProperty("incomplete").EnumerateArray()
        .ToDictionary(c => c.GetProperty("conversation_id").GetString()!, c => c.GetProperty("reason").GetString()!);

    /// <summary>What follows the list of conversations in the path.</summary>
    private static string[] Path(HttpContext context) => context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[3..];

    private static (int Page, int Size) Query(HttpContext context) =>
        (int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture), int.Parse(context.Request.Query["per_page"]!, CultureInfo.InvariantCulture));

    private static Task SendAsync(HttpContext context, string data, int count) =>
        context.Response.WriteAsync($$$"""{"data":[{{{data}}}],"meta":{"total_count":{{{count}}}}}""", context.RequestAborted);

    /// <summary>The records of a listing that a page asks for.</summary>
    private static async Task SendRecordsAsync(HttpContext context, int page, int size, int count, Func<int, string> record)
    {
        long first = (page - 1L) * size;
        IEnumerable<string> records = Enumerable.Range(0, size).Select(i => first + i).Where(i => i < count).Select(i => record((int)i));
        await context.Response.WriteAsync("{\"data\":[", context.RequestAborted);
        bool isFirst = true;
        foreach (string text in records)
        {
            await context.Response.WriteAsync(isFirst ? text : "," + text, context.RequestAborted);
            isFirst = false;
        }

        await context.Response.WriteAsync("],\"meta\":{\"total_count\":" + count.ToString(CultureInfo.InvariantCulture) + "}}", context.RequestAborted);
    }

    /// <summary>256 MB of spaces, packed into a few bytes.</summary>
    private static byte[] Bomb(string form)
    {
        using var packed = new MemoryStream();
        using (Stream body = form == "br" ? new BrotliStream(packed, CompressionLevel.Fastest) : new GZipStream(packed, CompressionLevel.Fastest))
        {
            for (int sent = 0; sent < 256 * 1024 * 1024; sent += Spaces.Length)
                body.Write(Spaces);
        }

        return packed.ToArray();
    }

    private static async Task SendTooMuchAsync(HttpContext context, string form, byte[] packed)
    {
        const long Length = 1L << 40;
        if (packed.Length > 0)
        {
            context.Response.Headers.ContentEncoding = form;
            await context.Response.Body.WriteAsync(packed, context.RequestAborted);
            return;
        }

        if (form == "announced")
            context.Response.ContentLength = Length;
        try
        {
            for (long sent = 0; sent < Length && !context.RequestAborted.IsCancellationRequested; sent += Spaces.Length)
                await context.Response.Body.WriteAsync(Spaces, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The program has had enough.
        }
        finally
        {
            context.Abort();
        }
    }

    private sealed record Ended(int ExitCode, JsonElement Manifest, long PeakMemory);
}
