using System.Text.Json;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli;

/// <summary>Conversations and messages, found with only a number or some words, with Kapso switched off; and SQL.</summary>
public sealed class FindCommandTests() : CliTest(HtmlExport.Small)
{
    private const string Ana = "aaaaaaaa-1111-4111-8111-111111111111";

    [Fact]
    public async Task A_number_finds_the_conversation_and_words_find_the_message()
    {
        await ArchiveAsync();

        CliResult number = await RunAsync("find", "+51 900 000 001", "--lake", "lake");
        CliResult words = await RunAsync("find", "CAFÉ con", "--lake", "lake", "--in", "messages");
        CliResult json = await RunAsync("find", "cafe CON", "--lake", "lake", "--json", "--direction", "inbound", "--from", "2026-03-01", "--to", "2026-03-02");

        number.Output.ShouldStartWith("1 conversation, as of run ");
        number.Output.ShouldContain($"Read one: kapso-archive show {Ana} --lake \"lake\"");
        words.Output.ShouldContain("1 message, newest first");
        words.Output.ShouldContain($"2026-03-01 09:44 from Ana Pérez  {Ana}");
        words.Output.ShouldContain("One cafe\u0301 con leche␛[31m[U+200F] please");
        words.Output.ShouldNotContain("files.example");
        JsonElement found = JsonElement.Parse(json.Output);
        found.GetProperty("conversations").GetProperty("total").GetInt32().ShouldBe(0);
        JsonElement message = found.GetProperty("messages").GetProperty("messages")[0];
        (message.GetProperty("with").GetString(), message.GetProperty("direction").GetString()).ShouldBe(("Ana Pérez", "inbound"));
    }

    [Fact]
    public async Task SQL_is_answered_and_a_wrong_one_ends_with_code_2_in_one_sentence()
    {
        await ArchiveAsync();

        CliResult table = await RunAsync("query", "SELECT content FROM messages_current WHERE content LIKE '%leche%'", "--lake", "lake");
        CliResult json = await RunAsync("query", "SELECT count(*) AS n FROM messages_current", "--lake", "lake", "--json");
        CliResult wrong = await RunAsync("query", "SELECT nope FROM messages_current", "--lake", "lake", "--json");
        CliResult write = await RunAsync("query", "COPY messages TO 'new.csv'", "--lake", "lake");
        CliResult endless = await RunAsync("query", "SELECT length(repeat('x', 4000000000)) FROM range(100)", "--lake", "lake", "--timeout", "0.5");
        CliResult limit = await RunAsync("query", "SELECT 1", "--lake", "lake", "--limit", "0");

        table.Output.ShouldContain("One cafe\u0301 con leche␛[31m");
        table.Output.ShouldContain("1 row. As of run ");
        JsonElement.Parse(json.Output).GetProperty("rows")[0].GetProperty("n").GetInt32().ShouldBe(7);
        (wrong.ExitCode, write.ExitCode, endless.ExitCode, limit.ExitCode).ShouldBe((2, 2, 2, 2));
        JsonElement.Parse(wrong.Output).GetProperty("error").GetProperty("message").GetString().ShouldStartWith("DuckDB: Binder Error: Referenced column \"nope\" not found");
        write.Error.TrimEnd().ShouldBe("query takes one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE), and nothing that writes or changes settings.");
        endless.Error.ShouldStartWith("The query takes ");
        File.Exists(Folder.File("new.csv")).ShouldBeFalse();
    }

    private async Task ArchiveAsync()
    {
        var talk = new Talk(Ana, "Ana Pérez", "+51900000001");
        talk.Say("One cafe\u0301 con leche\u001B[31m\u200F please", mediaUrl: "https://files.example/a.jpg?sig=SECRETSIG");
        talk.Say("Thank you", outbound: true);
        talk.AddTo(Sandbox);
        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "lake");
        run.ExitCode.ShouldBe(0, run.Error);
    }
}
