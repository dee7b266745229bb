using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>
/// Messages of one second stand in every output as they were written, whatever their ids: read from a source that lists the newest or the
/// oldest first, and after a later night brought
/// another version of one of them.
/// </summary>
public sealed class OneSecondTests : IDisposable
{
    private const string Conversation = "44444444-4444-4444-8444-444444444444";

    private static readonly DateTimeOffset Second = new(2026, 3, 1, 9, 41, 7, TimeSpan.Zero);

    /// <summary>By their ids they would stand in another order.</summary>
    private static readonly (string Id, string Text)[] Talk =
    [
        ("e0000000-0000-4000-8000-000000000001", "When do you open?"),
        ("30000000-0000-4000-8000-000000000002", "At nine."),
        ("b0000000-0000-4000-8000-000000000003", "On Sundays too?"),
        ("a0000000-0000-4000-8000-000000000004", "No, on Sundays we are closed."),
        ("50000000-0000-4000-8000-000000000005", "Thank you!"),
    ];

    private static readonly (string Id, string Text) Late = ("00000000-0000-4000-8000-000000000006", "You are welcome.");

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <param name="order">How the source lists.</param>
    /// <param name="around">Messages of other seconds before the talk, and as many after it. With 97 the talk lies over the seam of two
    /// pages; with 0 no time tells the order.</param>
    [Theory]
    [InlineData(SandboxOrder.NewestFirst, 3)]
    [InlineData(SandboxOrder.NewestFirst, 97)]
    [InlineData(SandboxOrder.NewestFirst, 0)]
    [InlineData(SandboxOrder.OldestFirst, 3)]
    [InlineData(SandboxOrder.OldestFirst, 97)]
    public async Task A_reply_follows_its_question_in_every_output(SandboxOrder order, int around)
    {
        var options = new SandboxOptions { Conversations = 1, Messages = 5, IncludeSamples = false, Order = order };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(options, cancellationToken: Cancellation);
        MovingListing listing = Add(sandbox, around);
        _settings["Kapso__ApiKey"] = options.ApiKey;
        _settings["Kapso__BaseUrl"] = sandbox.BaseUrl.ToString();
        string[] texts = [.. Talk.Select(t => t.Text)];

        await RunAsync("run", "--quiet", "--conversations", "all", "--out", "lake");
        (await ShownAsync(texts)).ShouldBe(texts);

        listing.Update(Talk[1].Id, "read by the test").ShouldBeTrue();
        listing.Insert(Message(Late.Id, Late.Text, Second));
        await RunAsync("run", "--quiet", "--full", "--conversations", "all", "--out", "lake");
        texts = [.. texts, Late.Text];

        (await ShownAsync(texts)).ShouldBe(texts);
        (await QueriedAsync(texts)).ShouldBe(texts);
        await RunAsync("export", "--quiet", "--conversation", Conversation, "--format", "parquet,jsonl,csv,html", "--out", "lake");
        string export = Directory.GetDirectories(_folder.File("lake/exports")).ShouldHaveSingleItem();
        (await ReadCsvAsync(export, texts)).ShouldBe(texts);
        (await ReadPagesAsync(export, texts)).ShouldBe(texts);
        ReadPositions(export, texts).ShouldBe(texts);
    }

    private static MovingListing Add(SandboxServer sandbox, int around)
    {
        List<SandboxMessage> messages = [.. Talk.Select(t => Message(t.Id, t.Text, Second))];
        for (int i = 1; i <= around; i++)
        {
            messages.Insert(0, Message(new Guid(i, 1, 0, new byte[8]).ToString(), "before", Second.AddMinutes(-i)));
            messages.Add(Message(new Guid(i, 2, 0, new byte[8]).ToString(), "after", Second.AddMinutes(i)));
        }

        return sandbox.Listings.AddConversation(new SandboxConversation(Conversation, "+5215550001122", "María", "active", messages[^1].CreatedAt, messages.Count), messages);
    }

    private static SandboxMessage Message(string id, string text, DateTimeOffset createdAt) => new(id, createdAt, JsonSerializer.SerializeToUtf8Bytes(new
    {
        id,
        content = text,
        message_type = "text",
        direction = text.EndsWith('?') ? "inbound" : "outbound",
        status = "sent",
        created_at = createdAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    }));

    private async Task<IEnumerable<string>> ShownAsync(string[] texts)
    {
        CliResult result = await RunAsync("show", Conversation, "--last", "1000", "--json", "--out", "lake");
        return JsonElement.Parse(result.Output).GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!).Where(texts.Contains);
    }

    private async Task<IEnumerable<string>> QueriedAsync(string[] texts)
    {
        CliResult views = await RunAsync("views", "--engine", "duckdb", "--out", "lake");
        using var duck = new DuckDb();
        duck.Execute(views.Output);
        duck.Count("SELECT count(*) FROM messages_current WHERE status = 'read by the test' AND change = 'changed'").ShouldBe(1);
        return [.. duck.Rows("SELECT content FROM messages_current ORDER BY created_at, first_run_id, first_position NULLS FIRST, id").Select(r => (string)r[0]!).Where(texts.Contains)];
    }

    private static async Task<IEnumerable<string>> ReadCsvAsync(string export, string[] texts)
    {
        List<string[]> lines = Rfc4180.Read(await File.ReadAllTextAsync(Directory.GetFiles($"{export}/messages_csv").ShouldHaveSingleItem(), Cancellation));
        int content = Array.IndexOf(lines[0], "content");
        return lines.Select(l => l[content]).Where(texts.Contains);
    }

    private static async Task<IEnumerable<string>> ReadPagesAsync(string export, string[] texts)
    {
        string html = await File.ReadAllTextAsync($"{export}/messages_html/{Conversation}/index.html", Cancellation);
        IHtmlCollection<IElement> messages = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html).QuerySelectorAll("ol.chat > li");
        return messages.SelectMany(m => texts.Where(m.TextContent.Contains));
    }

    /// <summary>In Parquet and JSONL the positions tell the order: later ones are larger.</summary>
    private static List<string> ReadPositions(string export, string[] texts)
    {
        using var duck = new DuckDb();
        List<string> Read(string from, string position) =>
            [.. duck.Rows($"SELECT content FROM {from} WHERE {position} IS NOT NULL ORDER BY {position}").Select(r => (string)r[0]!).Where(texts.Contains)];
        List<string> ofParquet = Read($"'{export}/messages/*.parquet'", "position");
        Read($"'{export}/messages_jsonl/*.jsonl.gz'", "_archive.position").ShouldBe(ofParquet);
        return ofParquet;
    }

    private async Task<CliResult> RunAsync(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Path, _settings, arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        return result;
    }
}
