using System.Text;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Telemetry;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Hostile;

/// <summary>What a source says of an error is repeated without the key, without numbers of telephones, and without anything that acts where it is read.</summary>
public sealed class SourceTextTests : IDisposable
{
    private const string Key = TestSource.Key;
    private const string Digits = "4915112345678";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Ways to write the key that give it away to a person, or to a line of code.</summary>
    public static TheoryData<string> Keys =>
    [
        Key, Key.ToUpperInvariant(), string.Join(' ', Key.ToCharArray()), string.Join('\u200b', Key.ToCharArray()), string.Join("\n", Key.Chunk(4).Select(c => new string(c))),
        Uri.EscapeDataString(Key), Uri.HexEscape('k') + Key[1..], Base64(Key), Base64($"x-api-key: {Key};"), Base64($"a{Key}b"),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Key)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Key)), Key[..12], Key[10..],
    ];

    public static TheoryData<string> Numbers =>
    [
        "+4915112345678", "4915112345678", "00491511 2345678", "+49 (151) 123-456-78", "0151/123.456.78", "tel:+4915112345678", "wa4915112345678x", "4915112345678@c.us", "4\u200b9\u200b1\u200b5\u200b1\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8",
        "٤٩١٥١١٢٣٤٥٦٧٨", "４９１５１１２３４５６７８", "49_151_12345678", "_4915112345678", "id-4915112345678",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task The_key_is_never_repeated_in_any_form_or_in_part(string written)
    {
        bool isLonger = written.StartsWith("eC1", StringComparison.Ordinal) || written.StartsWith("YWtw", StringComparison.Ordinal);
        string secret = isLonger ? written[16..^4] : written; // Neighbours in Base64 are no part of the key.
        for (int before = 160; before <= 200; before += 8)
        {
            string said = System.Text.Json.JsonSerializer.Serialize(new string('x', before) + " " + written);
            using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(400, $$"""{"error":{{said}}}"""));
            await using TestSource source = TestSource.Over(transport, maxRetries: 0);

            ShouldHoldNoPiece((await source.FailAsync()).ToString(), secret);
        }
    }

    [Theory]
    [InlineData("kp0123456789donotshow.example")]
    [InlineData("KP-0123456789-DO-NOT-SHOW.example")]
    [InlineData("kp.0123.4567.89.do.not.show.example")]
    [InlineData("a3.6b705f303132333435363738392d646f2d6e6f742d73686f77.example")]
    public async Task A_redirect_to_a_host_that_contains_the_key_is_reported_without_it(string host)
    {
        await using LocalServer server = await LocalServer.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"https://user:{Key}@{host}/{Key}?{Key}";
            return Task.CompletedTask;
        });
        await using TestSource source = TestSource.At(server.BaseUrl);

        string shown = (await source.FailAsync()).ToString();

        shown.ShouldContain("redirects from 127.0.0.1 to https://");
        ShouldHoldNoPiece(shown, host);
    }

    [Fact]
    public async Task A_redirect_to_a_URL_that_contains_the_key_is_not_followed()
    {
        await using LocalServer server = await LocalServer.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"/api/v1/{Uri.HexEscape('k')}{Key[1..]}";
            return Task.CompletedTask;
        });
        await using TestSource source = TestSource.At(server.BaseUrl);

        string shown = (await source.FailAsync()).ToString();

        shown.ShouldContain("contains the API key");
        ShouldHoldNoPiece(shown, Key);
        server.Keys.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_phone_number_in_an_error_is_in_no_exception_log_or_trace(string written)
    {
        string said = System.Text.Json.JsonSerializer.Serialize($"{written} is blocked");
        await using LocalServer server = await LocalServer.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("whatsapp_conversations", StringComparison.Ordinal) ? 422 : 400;
            await context.Response.WriteAsync($$"""{"error":{{said}},"message":{{said}}}""", context.RequestAborted);
        });

        IReadOnlyList<string> told = await NightAsync(server.BaseUrl, "c1", "c2");

        told.ShouldNotBeEmpty();
        told.ShouldAllBe(text => !Plain(text).Contains(Digits, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/1.1 2x0 {0}\n\n")]
    [InlineData("HTTP/1.1 200 OK\n{0} no colon\n\n")]
    [InlineData("HTTP/1.1 200 OK\nA b: {0}\n\n")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{0}\n")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2;x={0}\n[]{0}\n0\n\n")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: {0}\n\n")]
    [InlineData("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 40\n\n{0}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("{0}")]
    public async Task An_answer_that_is_not_HTTP_is_not_quoted(string answer)
    {
        await using var server = new HostileServer(string.Format(System.Globalization.CultureInfo.InvariantCulture, answer, $"+{Digits} {Key}"));

        IReadOnlyList<string> told = await NightAsync(server.BaseUrl, "c1");

        told.ShouldNotBeEmpty();
        told.ShouldAllBe(text => !Plain(text).Contains(Digits, StringComparison.Ordinal));
        foreach (string text in told)
            ShouldHoldNoPiece(text, Key);
    }

    [Theory]
    [InlineData("\u001b]0;owned\u0007\u009b31m\u202e\u2066\u200e\u2028\u0085\u007f\u0000\ud800")]
    public async Task Terminal_control_characters_are_shown_by_name(string acting)
    {
        string said = System.Text.Json.JsonSerializer.Serialize(acting[..^1]);
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(400, $$"""{"error":{{said}}}"""));
        await using TestSource source = TestSource.Over(transport, maxRetries: 0);

        string message = (await source.FailAsync()).Message;

        message.ShouldContain("␛");
        message.ShouldContain("[U+202E]");
        message.ShouldNotContain(Acting.Characters);
    }

    /// <summary>All that is told of a night with this source: exceptions, logs at every level, spans and metrics.</summary>
    private async Task<IReadOnlyList<string>> NightAsync(Uri source, params string[] conversations)
    {
        using var told = new EverythingTold();
        List<string> texts = [];
        await using (var harness = new RunHarness(source, new FolderStore(_folder.File(Guid.NewGuid().ToString("N"))), key: Key, retries: 1, logs: told))
        {
            foreach (string[] chosen in (string[][])[conversations, []])
            {
                try
                {
                    texts.Add(Encoding.UTF8.GetString((await harness.RunAsync(chosen)).ToJson()));
                }
                catch (Exception e) when (e is KapsoException or SourceUnavailableException)
                {
                    texts.Add(e.ToString());
                }
            }
        }

        return [.. texts, .. told.Texts];
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Digits of every script as those of ASCII, and nothing between them.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsDigit(c) ? $"{(int)char.GetNumericValue(c)}" : char.IsLetter(c) ? $"{c}" : ""));

    /// <param name="written">The key as it was said.</param>
    private static void ShouldHoldNoPiece(string text, string written)
    {
        static string Letters(string s) => string.Concat(s.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        string shown = Letters(text);
        foreach (string form in (string[])[Letters(written), Letters(Key)])
        {
            for (int at = 0; at + 8 <= form.Length; at++)
                shown.ShouldNotContain(form.Substring(at, 8), customMessage: text);
        }
    }
}
