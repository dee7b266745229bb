using System.Text.Json;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Mcp;

/// <summary>What a query of an agent cannot do, over both transports.</summary>
public sealed class AgentQueryTests : AgentTest
{
    [Theory]
    [InlineData("stdio")]
    [InlineData("http")]
    public async Task A_query_reads_no_file_outside_the_lake_and_writes_nothing(string transport)
    {
        await ArchiveAsync(Hello());
        string secret = Folder.File("secret.csv");
        await File.WriteAllTextAsync(secret, "a,b\n1,top-secret\n", Cancellation);
        string[] before = [.. Directory.EnumerateFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories).Order()];
        AgentClient agent = await ConnectAsync(transport);

        foreach (string sql in (string[])
        [
            $"SELECT * FROM '{secret}'", $"SELECT * FROM read_csv('{secret}')", $"SELECT content FROM read_text('{secret}')", "SELECT * FROM glob('/*')",
            "SELECT * FROM read_text('/proc/self/environ')", "SELECT getenv('HOME')", $"COPY (SELECT 1) TO '{Folder.File("written.csv")}'",
            $"SELECT 1; COPY (SELECT 1) TO '{Folder.File("written.csv")}'", $"ATTACH '{Folder.File("written.db")}'", "CREATE TABLE t AS SELECT 1", "DELETE FROM messages",
            "SET lock_configuration = false", "INSTALL httpfs", "LOAD httpfs", "SELECT * FROM read_csv('https://example.com/a.csv')",
        ])
        {
            (await agent.ErrorAsync("query", new { sql })).ShouldNotContain("top-secret", customMessage: sql);
        }

        Directory.EnumerateFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories).Order().ShouldBe(before);
    }

    [Fact]
    public async Task A_query_that_would_run_for_ever_ends_and_the_next_one_is_answered()
    {
        await ArchiveAsync(Hello());
        AgentClient agent = await ConnectAsync("stdio");

        string error = await agent.ErrorAsync("query", new { sql = "SELECT sum(repeat('x', 100000000).length() + a.range + b.range) FROM range(1000000000) a, range(1000000000) b", seconds = 1 });
        JsonElement next = await agent.AnswerAsync("query", new { sql = "SELECT count(*) FROM messages_current WHERE content = 'Hello'" });

        error.ShouldStartWith("The query takes ");
        next.GetProperty("rows").ToString().ShouldBe("""[["1"]]""");
    }

    [Fact]
    public async Task Values_are_bounded_and_have_no_link_and_nothing_invisible()
    {
        const string Secret = "https://files.example/passport.jpg";
        var talk = new Talk("eeeeeeee-1111-4111-8111-111111111111", "Mallory", "+5215550001122");
        talk.Say($"Image attached URL: {Secret}", type: "image", mediaUrl: Secret, data: new { link = Secret });
        talk.Say($"hidden{char.ConvertFromUtf32(0xe0041)} {new string('x', 3_000)}");
        await ArchiveAsync(talk);
        AgentClient agent = await ConnectAsync();

        JsonElement all = await agent.AnswerAsync("query", new { sql = "SELECT * FROM messages_current WHERE phone_number = '+5215550001122' ORDER BY created_at" });
        JsonElement large = await agent.AnswerAsync("query", new { sql = "SELECT repeat('y', 1999) FROM range(400)", limit = 500 });

        all.ToString().ShouldNotContain("files.example");
        all.ToString().ShouldContain("[link left out]");
        all.ToString().ShouldContain("hidden[U+E0041] xxx");
        all.GetProperty("rows").EnumerateArray().SelectMany(r => r.EnumerateArray()).ShouldAllBe(v => v.ToString().Length <= 2_001);
        large.GetProperty("rows").GetArrayLength().ShouldBe(30);
        large.GetProperty("note").GetString().ShouldStartWith("Only the first 30 rows are here.");
    }

    private static Talk Hello()
    {
        var talk = new Talk("dddddddd-1111-4111-8111-111111111111");
        talk.Say("Hello");
        return talk;
    }
}
