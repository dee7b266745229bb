using System.Text.Json;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

/// <summary>One customer's conversation, found by what people know, with Kapso switched off.</summary>
public sealed class ConversationsCommandTests() : CliTest(HtmlExport.Small)
{
    private const string Ana = "aaaaaaaa-1111-4111-8111-111111111111";
    private const string Andre = "aaaaaaaa-2222-4222-8222-222222222222";
    private const string Mei = "bbbbbbbb-3333-4333-8333-333333333333";
    private const string Nameless = "cccccccc-4444-4444-8444-444444444444";

    private static readonly (string Text, string Id)[] Spellings =
    [
        ("ana perez", Ana), ("PÉREZ", Ana), ("Ａｎａ", Ana), ("Ana\u200B", Ana), ("+51 900 000 001", Ana), ("900000001", Ana), ("0051-900-000-001", Ana),
        ("(900) 000.001", Ana), ("aaaaaaaa-1", Ana), (Ana.ToUpperInvariant(), Ana), ("andre", Andre), ("07911 123456", Andre), ("美", Mei), ("mei", Mei),
        ("5215550001122", Nameless), ("+52 555 000 1122", Nameless), ("cccccccc", Nameless),
    ];

    [Fact]
    public async Task A_conversation_is_found_by_whatever_people_know()
    {
        await ArchiveAsync();

        var directory = await ConversationDirectory.OpenAsync(new FolderStore(Folder.File("lake")), Cancellation);

        foreach ((string text, string id) in Spellings)
            (text, Found: directory.Resolve(text)).ShouldBe((text, id));
    }

    [Theory]
    [InlineData("+51 900 000 001", Ana)]
    [InlineData("AAAAAAAA-1111-4111-8111-111111111111", Ana)]
    [InlineData("美", Mei)]
    public async Task A_conversation_is_shown_without_a_key_and_without_Kapso(string text, string id)
    {
        await ArchiveAsync();

        CliResult shown = await RunAsync("show", text, "--lake", "lake");

        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Output.ShouldStartWith($"Conversation {id}: the last ");
        shown.Output.ShouldContain($"Hello from {id[..1]}");
    }

    [Fact]
    public async Task Several_that_match_are_listed_and_none_says_how_to_go_on()
    {
        await ArchiveAsync();

        CliResult several = await RunAsync("show", "an", "--lake", "lake");
        CliResult none = await RunAsync("show", "Zoë", "--lake", "lake");
        CliResult shortNumber = await RunAsync("conversations", "001", "--lake", "lake", "--json");

        (several.ExitCode, none.ExitCode).ShouldBe((2, 2));
        several.Error.ShouldContain("an matches 2 conversations");
        several.Error.ShouldContain($"{Ana}  Ana Pérez, +51900000001, last message 2026-03-01");
        several.Error.ShouldContain($"{Andre}  André Müller");
        none.Error.ShouldContain("kapso-archive conversations");
        JsonElement.Parse(shortNumber.Output).GetProperty("total").GetInt32().ShouldBe(0, "three digits are too few for a number");
    }

    [Fact]
    public async Task All_are_listed_by_last_message_name_or_size()
    {
        await ArchiveAsync();

        (await ListAsync()).ShouldBe([Nameless, Mei, Andre, Ana]);
        (await ListAsync("--sort", "name")).ShouldBe([Nameless, Ana, Andre, Mei]);
        (await ListAsync("--sort", "messages")).ShouldBe([Nameless, Mei, Andre, Ana]);
        (await ListAsync("--outcome", "incomplete")).ShouldBeEmpty();
        (await RunAsync("conversations", "andre", "--lake", "lake", "--json")).Output.ShouldContain("\"phone_number\": \"+447911123456\"");
        CliResult table = await RunAsync("conversations", "--lake", "lake", "--limit", "3");
        table.Output.ShouldMatch("Read one: kapso-archive show [0-9a-f-]+ --lake \"lake\"");
        table.Output.ShouldContain("5 conversations, as of run ");
        table.Output.ShouldContain("… and 2 more: see --limit.");
        table.Output.ShouldContain("美 李");
        table.Output.ShouldNotContain("Ana Pérez");
    }

    [Fact]
    public async Task A_wrong_request_ends_with_code_2()
    {
        await ArchiveAsync();

        CliResult limit = await RunAsync("conversations", "--lake", "lake", "--limit", "0");
        CliResult sort = await RunAsync("conversations", "--lake", "lake", "--sort", "size");
        CliResult nowhere = await RunAsync("conversations", "--lake", "nowhere");

        (limit.ExitCode, sort.ExitCode, nowhere.ExitCode).ShouldBe((2, 2, 2));
        limit.Error.ShouldStartWith("--limit is 0.");
        nowhere.Error.ShouldStartWith("There is no archive at ");
    }

    private async Task<IEnumerable<string>> ListAsync(params string[] options)
    {
        CliResult result = await RunAsync(["conversations", "--lake", "lake", "--json", .. options]);
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonElement.Parse(result.Output).GetProperty("conversations").EnumerateArray().Select(c => c.GetProperty("conversation_id").GetString()!)
            .Where(id => id is Ana or Andre or Mei or Nameless);
    }

    private async Task ArchiveAsync()
    {
        (string Id, string? Name, string Number)[] people =
            [(Ana, "Ana Pérez", "+51900000001"), (Andre, "André Müller", "+447911123456"), (Mei, "美 李", "+8613812345678"), (Nameless, "\u3164", "+5215550001122")];
        for (int i = 0; i < people.Length; i++)
        {
            var talk = new Talk(people[i].Id, people[i].Name, people[i].Number);
            for (int message = 0; message <= i; message++)
                talk.Say($"Hello from {people[i].Id[..1]}");
            talk.AddTo(Sandbox);
        }

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");
        result.ExitCode.ShouldBe(0, result.Error);
        await Sandbox.DisposeAsync();
        Settings.Clear();
    }
}
