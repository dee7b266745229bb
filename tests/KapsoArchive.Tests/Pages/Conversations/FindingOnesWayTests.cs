using AngleSharp.Dom;
using KapsoArchive.Core.Text;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Names that can be seen, quotes, reactions of several people, and ways back.</summary>
public sealed class FindingOnesWayTests
{
    private const string TalkId = "55555555-5555-4555-8555-555555555555";

    private static SandboxOptions Small => HtmlExport.Small;

    [Theory]
    [InlineData("\u200B", "[U+200B]")]
    [InlineData("\u3164", "[U+3164]")]
    [InlineData("\u2800\u2800", "[U+2800][U+2800]")]
    [InlineData("\u00AD", "[U+00AD]")]
    [InlineData("\u200E \u2060", "[U+200E] [U+2060]")]
    [InlineData("\U000E0041", "[U+E0041]")]
    public async Task A_name_of_invisible_characters_gives_way_to_the_number_and_is_named(string name, string named)
    {
        var talk = new Talk(TalkId, name);
        talk.Say("Hello");
        await using HtmlExport export = await HtmlExport.MakeAsync(Small, [talk]);

        IDocument list = await export.ReadAsync("");
        IDocument document = await export.ReadAsync(TalkId);

        list.QuerySelectorAll("th a").Single(a => a.GetAttribute("href")!.StartsWith(TalkId, StringComparison.Ordinal)).TextContent.ShouldBe("+5215550001122");
        document.QuerySelector("h1")!.TextContent.ShouldBe("+5215550001122");
        document.QuerySelector(".facts")!.TextContent.ShouldContain($"Contact{named}");
        document.Title.ShouldBe("+5215550001122");
    }

    [Fact]
    public void Invisible_characters_beside_visible_ones_stay_as_they_are()
    {
        VisibleText.Of("soft\u00ADhyphen and \u200Bspace").ShouldBe("soft\u00ADhyphen and \u200Bspace");
        VisibleText.Of("👨‍👩‍👧‍👦").ShouldBe("👨‍👩‍👧‍👦");
        VisibleText.Of("❤️").ShouldBe("❤️");
        VisibleText.Of(" \n ").ShouldBe(" \n ");
    }

    [Fact]
    public async Task A_reply_shows_the_words_that_it_answers_even_from_an_earlier_page()
    {
        var talk = new Talk(TalkId);
        string question = talk.Say("Where is my order 4711?");
        for (int i = 0; i < 1_100; i++)
            talk.Say($"Message {i}");
        talk.Say("It arrives today", outbound: true, data: new { text = "It arrives today", context = new { id = question } });
        string last = talk.Say("Thank you", data: new { context = new { id = Talk.Wamid(1_102) } });
        talk.Say("Thanks!", type: "edit", data: new { edit = new { original_message_id = last, message = new { text = new { body = "Thanks!" } } } });
        talk.Say(null, type: "revoke", data: new { revoke = new { original_message_id = question } });
        await using HtmlExport export = await HtmlExport.MakeAsync(Small, [talk]);

        IDocument page = await export.ReadAsync(TalkId, "page-0002.html");
        IElement[] quotes = [.. page.QuerySelectorAll(".quote")];

        quotes.Select(q => q.TextContent).ShouldBe(
        [
            "In reply to message 1: Where is my order 4711?", "In reply to message 1,102: It arrives today",
            "Edit of message 1,103: Thank you", "Deletion of message 1: Where is my order 4711?",
        ]);
        quotes.Select(q => q.QuerySelector("a")!.GetAttribute("href")).ShouldBe(["index.html#m1", "page-0002.html#m1102", "page-0002.html#m1103", "index.html#m1"]);
    }

    [Fact]
    public async Task Later_pages_lead_back_to_the_first_and_to_the_list()
    {
        var talk = new Talk(TalkId);
        for (int i = 0; i < 1_001; i++)
            talk.Say($"Message {i}");
        await using HtmlExport export = await HtmlExport.MakeAsync(Small, [talk]);

        IDocument page = await export.ReadAsync(TalkId, "page-0002.html");

        page.QuerySelector(".kicker a")!.GetAttribute("href").ShouldBe("../index.html");
        page.QuerySelector("h1 a")!.GetAttribute("href").ShouldBe("index.html");
    }

    [Fact]
    public async Task Each_person_keeps_a_reaction_and_a_later_one_replaces_only_the_own()
    {
        var talk = new Talk(TalkId);
        string target = talk.Say("We won!");
        string[] people = ["\"+5215550000001\"", "\"+5215550000002\"", "null", "\"+5215550000001\""];
        string[] emojis = ["👍", "🎉", "❤️", "😂"];
        for (int i = 0; i < people.Length; i++)
            talk.Add(
                $$"""
                {"id":"00000000-0000-4000-8000-00000000000{{i}}","phone_number":{{people[i]}},"from_user_id":"MX.1","message_type":"reaction","direction":"inbound",
                 "message_type_data":{"message_id":"{{target}}","emoji":"{{emojis[i]}}"},"created_at":"2026-03-02T00:00:0{{i}}Z","updated_at":"2026-03-02T00:00:00Z"}
                """.ReplaceLineEndings(""));
        await using HtmlExport export = await HtmlExport.MakeAsync(Small, [talk]);

        IDocument page = await export.ReadAsync(TalkId);

        page.QuerySelectorAll(".reactions bdi").Select(r => r.TextContent).ShouldBe(["🎉", "❤️", "😂"]);
    }
}
