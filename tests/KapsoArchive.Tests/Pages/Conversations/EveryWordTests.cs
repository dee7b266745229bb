using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using KapsoArchive.Core.Messages;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Nothing that a person wrote or saw is missing from a page or from the terminal.</summary>
public sealed partial class EveryWordTests : IAsyncLifetime
{
    private const string TalkId = "44444444-4444-4444-8444-444444444444";

    private static readonly string[] Types =
    [
        "text", "", "image", "audio", "video", "document", "sticker", "voice", "location", "contacts", "interactive", "template", "reaction", "button",
        "order", "system", "unsupported", "edit", "revoke", "poll_creation", "a_type_from_the_future",
    ];

    private static readonly string[] Names =
    [
        "text", "body", "caption", "name", "formatted_name", "first_name", "title", "description", "footer", "header", "action", "button", "buttons",
        "reply", "sections", "rows", "components", "parameters", "fallback_value", "display_text", "flow_cta", "contacts", "phones", "phone", "emails",
        "email", "org", "company", "interactive", "button_reply", "list_reply", "nfm_reply", "response_json", "referral", "headline", "context",
        "referred_product", "errors", "message", "error_data", "details", "order", "product_items", "order_text", "transcript", "location", "address",
        "latitude", "longitude", "image", "audio", "filename", "reaction", "emoji", "edit", "options", "kapso", "language", "template", "something_new",
    ];

    private HtmlExport? _export;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _export?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(OddMessages.Words), MemberType = typeof(OddMessages))]
    public void A_message_of_another_structure_keeps_its_words_in_the_terminal(string id, string[] words)
    {
        string line = MessageLine.Of(MessageOf(Line(id)));

        foreach (string word in words.Where(w => !line.Contains(w, StringComparison.Ordinal)))
            (word is "advertisement" || IsName(id)).ShouldBeTrue($"{word} is missing from: {line}");

        static bool IsName(string id) => id == "002"; // The name of a template is in its heading, which the terminal leaves out.
    }

    [Fact]
    public async Task A_page_keeps_the_words_of_every_odd_message_and_shows_no_link()
    {
        await ExportAsync(OddMessages.Lines.Select((line, i) => At(line, i)));

        List<string> pages = await TextsAsync();
        pages.Count.ShouldBe(OddMessages.Lines.Count);
        foreach ((string id, string[] words) in OddMessages.Words.Select(row => row.Data))
        {
            foreach (string word in words)
                pages[OddMessages.Lines.IndexOf(Line(id))].ShouldContain(Flat(word), Case.Sensitive, $"message {id}");
        }

        string html = await File.ReadAllTextAsync(_export!.PageOf(TalkId), TestContext.Current.CancellationToken);
        html.ShouldNotContain("SECRETSIG");
        html.ShouldNotContain("files.example");
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task Every_string_of_a_generated_record_is_on_the_page_and_in_the_terminal_unless_the_table_leaves_it_out(int seed)
    {
        var random = new Random(seed);
        string[] records = [.. Enumerable.Range(0, Samples.Count(400, 20_000)).Select(i => Generate(random, i))];
        await ExportAsync(records);

        List<string> pages = await TextsAsync();
        pages.Count.ShouldBe(records.Length);
        int seen = 0;
        foreach ((string record, string page) in records.Zip(pages))
        {
            JsonElement json = JsonElement.Parse(record);
            string line = Flat(MessageLine.Of(MessageOf(record)));
            foreach ((string[] names, string text) in OddMessages.Strings(json).Where(s => IsForPeople(s.Names)))
            {
                string[] words = names[^1] == "response_json" ? [.. Answers(text)] : [text];
                foreach (string word in words)
                {
                    page.ShouldContain(Flat(word), Case.Sensitive, $"{string.Join('.', names)} of {record}");
                    if (json.GetProperty("message_type").GetString() != "template" || names[^1] is not ("name" or "language")) // In its heading.
                        line.ShouldContain(Flat(word), Case.Sensitive, $"{string.Join('.', names)} of {record}");
                    seen++;
                }
            }
        }

        seen.ShouldBeGreaterThan(records.Length, "the records say something");
    }

    [Fact]
    public void The_table_leaves_out_nothing_that_people_write() =>
        LeftOutMembers.All.Intersect(Names).ShouldBeEmpty();

    /// <summary>What nobody wrote: the members of the record itself, and what the table names.</summary>
    private static bool IsForPeople(string[] names) => names[0] is not ("id" or "created_at" or "updated_at" or "message_type" or "direction" or "status" or "phone_number")
        && !LeftOutMembers.Has(names[^1]);

    /// <summary>The answers in a form's JSON; the text itself if it is not JSON of a form.</summary>
    private static IEnumerable<string> Answers(string json)
    {
        try
        {
            JsonElement value = JsonElement.Parse(json);
            return OddMessages.Strings(value).Where(s => !LeftOutMembers.Has(s.Names[^1])).Select(s => s.Text);
        }
        catch (JsonException)
        {
            return [json];
        }
    }

    /// <summary>A record of any type and structure.</summary>
    internal static string Generate(Random random, int number)
    {
        int words = 0;
        string type = Types[random.Next(Types.Length)];
        var record = new JsonObject
        {
            ["id"] = $"00000000-0000-4000-8000-{number:D12}",
            ["phone_number"] = "+5215550001122",
            ["message_type"] = type,
            ["content"] = random.Next(3) == 0 ? null : Word(),
            ["direction"] = random.Next(2) == 0 ? "inbound" : "outbound",
            ["status"] = "read",
            ["metadata"] = random.Next(3) == 0 ? Value(2) : new JsonObject(),
            ["message_type_data"] = random.Next(4) == 0 ? new JsonObject { [type.Length > 0 ? type : "text"] = Value(3) } : Value(4),
            ["updated_at"] = "2026-05-01T00:00:00Z",
        };
        if (random.Next(4) == 0)
            record["brand_new"] = Value(2);
        return At(record.ToJsonString(), number);

        string Word() => $"w{number}x{words++} {(random.Next(3) == 0 ? "línea\notra 🙂" : "said")}";

        JsonObject Value(int depth)
        {
            var value = new JsonObject();
            for (int i = random.Next(1, 5); i > 0; i--)
                value[random.Next(9) == 0 ? LeftOutMembers.All.ElementAt(random.Next(LeftOutMembers.All.Count)) : Names[random.Next(Names.Length)]] = Member(depth);
            if (random.Next(6) == 0)
                value["response_json"] = new JsonObject { ["comment"] = Word(), ["flow_token"] = "t", ["choices"] = new JsonArray(Word(), Word()) }.ToJsonString();
            return value;
        }

        JsonNode? Member(int depth) => random.Next(depth > 0 ? 6 : 3) switch
        {
            0 or 1 => Word(),
            2 => random.Next(3) switch { 0 => null, 1 => random.Next(100), _ => true },
            3 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(2) == 0 ? Word() : (JsonNode)Value(depth - 1))]),
            _ => Value(depth - 1),
        };
    }

    private async Task ExportAsync(IEnumerable<string> records)
    {
        var talk = new Talk(TalkId);
        foreach (string record in records)
            talk.Add(record);
        _export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 1, Messages = 1, IncludeSamples = false }, [talk], conversations: [TalkId]);
    }

    /// <summary>The text of each bubble, in order, without the data as sent, which is collapsed.</summary>
    private async Task<List<string>> TextsAsync()
    {
        List<string> texts = [];
        foreach (string page in Directory.EnumerateFiles(Path.GetDirectoryName(_export!.PageOf(TalkId))!).Order(StringComparer.Ordinal))
        {
            IDocument document = await _export.ReadAsync(TalkId, Path.GetFileName(page));
            foreach (IElement data in document.QuerySelectorAll("pre").ToArray())
                data.Remove();
            texts.AddRange(document.QuerySelectorAll(".bubble").Select(b => Flat(b.TextContent)));
        }

        return texts;
    }

    /// <summary>The same record with a time of its own, so that the order is known.</summary>
    private static string At(string record, int number)
    {
        JsonObject json = JsonNode.Parse(record)!.AsObject();
        json["created_at"] = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return json.ToJsonString();
    }

    private static string Line(string id) => OddMessages.Lines.Single(l => l.Contains($"\"00000000-0000-4000-8000-000000000{id}\"", StringComparison.Ordinal));

    private static ChatMessage MessageOf(string record) => ChatMessage.Of(Rows.Flatten(record));

    private static string Flat(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
