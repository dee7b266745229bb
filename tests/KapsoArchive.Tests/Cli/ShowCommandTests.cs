using System.Text.Json;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

public sealed class ShowCommandTests : CliTest
{
    private const string TalkId = "33333333-3333-4333-8333-333333333333";

    [Fact]
    public async Task The_last_messages_are_shown_by_day_without_a_key()
    {
        await ArchiveAsync();
        Settings.Clear();

        CliResult result = await RunAsync("show", TalkId, "--out", "lake", "--last", "3");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        string[] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd())];
        lines[0].ShouldMatch($"^Conversation {TalkId}: the last 3 of 5 messages, as of run [0-9TZ]+-[0-9a-f]+. Times are UTC.$");
        lines[1..].ShouldBe(["Sunday, 1 March 2026", "09:50 > Two", "        lines  (read)", "09:53 < [image] receipt.jpeg My receipt", "09:56 < ␛[31mred␛]0;title␇ [U+202E]gnp.exe"]);
    }

    [Fact]
    public async Task Json_has_the_messages_without_terminal_control_characters()
    {
        await ArchiveAsync();

        CliResult result = await RunAsync("show", TalkId, "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldNotContain("\u001B");
        result.Output.ShouldNotContain("https://");
        JsonElement json = JsonElement.Parse(result.Output);
        (json.GetProperty("conversation_id").GetString(), json.GetProperty("total").GetInt32()).ShouldBe((TalkId, 5));
        json.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString().ShouldBe("\u001B[31mred\u001B]0;title\a \u202Egnp.exe");
    }

    [Fact]
    public async Task An_impossible_request_ends_with_code_2()
    {
        await ArchiveAsync();

        CliResult unknown = await RunAsync("show", "no-such-conversation", "--out", "lake");
        CliResult none = await RunAsync("show", TalkId, "--out", "lake", "--last", "0");
        CliResult nowhere = await RunAsync("show", TalkId, "--out", "nowhere");

        (unknown.ExitCode, none.ExitCode, nowhere.ExitCode).ShouldBe((2, 2, 2));
        unknown.Error.ShouldContain("has no message of conversation no-such-conversation.");
        none.Error.ShouldStartWith("--last is 0.");
        nowhere.Error.ShouldStartWith("There is no archive at ");
    }

    private async Task ArchiveAsync()
    {
        var talk = new Talk(TalkId);
        talk.Say("Hello");
        talk.Say("Hello again");
        talk.Say("Two\nlines", outbound: true);
        talk.Say("Image attached", type: "image", data: new { caption = "My receipt" }, mediaUrl: "https://example.com/a/receipt.jpeg?signature=1");
        talk.Say("\u001B[31mred\u001B]0;title\a \u202Egnp.exe");
        talk.AddTo(Sandbox);
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");
        result.ExitCode.ShouldBe(0, result.Error);
    }
}
