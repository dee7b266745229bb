using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Documents;

/// <summary>The DuckDB recipes of docs/queries.md, run on lakes.</summary>
public sealed partial class QueryTests : IDisposable
{
    private const int Messages = 1500;
    private const string Conversation = "CONVERSATION";

    /// <summary>Those of what is missing, and those that make something.</summary>
    private static readonly string[] EmptyWhereAllIsComplete = ["What is not complete?", "Removed messages", "Without views 2", "One state for several queries", "Files behind messages"];

    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/queries.md");

    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_DuckDB_recipe_runs_on_a_lake_of_two_nights()
    {
        var faults = new SandboxMediaFaults
        {
            Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Gone] = 0.2, [SandboxMediaFaultKind.Unavailable] = 0.1 },
        };
        var options = new SandboxOptions { Conversations = 5, Messages = Messages, Media = new SandboxMedia { Faults = faults } };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(options, cancellationToken: Cancellation);
        await using var harness = new RunHarness(
            sandbox.BaseUrl, new FolderStore(_folder.File("lake")), settings: new KeyValuePair<string, string?>("Archive:Media", "all"));
        Manifest first = await harness.RunAsync(sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!.Id);
        Manifest second = await harness.RunAsync();
        MakeViews();
        object?[] newest = _duck.Rows("SELECT conversation_id, id, strftime(created_at, '%Y-%m') FROM messages_current WHERE created_at IS NOT NULL ORDER BY created_at DESC LIMIT 1")[0];

        Dictionary<string, IReadOnlyList<object?[]>> answers = Recipes().ToDictionary(recipe => recipe.Name, recipe => _duck.Rows(recipe.Sql
            .Replace("'lake/", $"'{_folder.Path}/lake/").Replace("RUN_BEFORE", first.RunId).Replace("RUN_AFTER", second.RunId).Replace("'RUN'", $"'{first.RunId}'")
            .Replace(Conversation, (string)newest[0]!).Replace("MESSAGE", (string)newest[1]!)
            .Replace("2026-03-01", $"{newest[2]}-01").Replace("2026-04-01", "2030-01-01")));

        answers.Where(a => a.Value.Count == 0).Select(a => a.Key).ShouldBe(EmptyWhereAllIsComplete, ignoreOrder: true);
        answers["The present state"].Count.ShouldBe(Messages);
        answers["The archive as it was after a run"].Count.ShouldBe((int)first.Totals.Rows.Added);
        answers["What changed between two snapshots"].ShouldHaveSingleItem().ShouldBe([second.RunId, "added", second.Totals.Rows.Added]);
        answers["Messages a day"].Sum(row => (long)row[2]!).ShouldBe(Messages);
        answers["Was last night complete?"].ShouldHaveSingleItem()[..2].ShouldBe(["complete", 5L]);
        answers["One state for several queries 2"].ShouldBe([["messages", (long)Messages], ["conversations", first.Totals.Conversations.Complete + 5]], ignoreOrder: true);
        answers["Without views"].Sum(row => (long)row[2]!).ShouldBe(answers["One month"].Count);
        answers["Every version of a message"].ShouldHaveSingleItem()[0].ShouldBe(1L);
        MediaTotals[] files = [first.Totals.Media!, second.Totals.Media!];
        answers["Files behind messages 2"].Count.ShouldBe((int)files.Sum(f => f.Stored));
        answers["Files behind messages 3"].Sum(row => (long)row[2]!).ShouldBe(files.Sum(f => f.Gone + f.Waiting));
        answers["Files behind messages 4"].Sum(row => (long)row[1]!)
            .ShouldBe(Directory.GetFiles(_folder.File("lake/_media"), "*", SearchOption.AllDirectories).Length);
        answers["Without views 3"].Count.ShouldBe((int)_duck.Count("SELECT count(*) FROM messages"));
        answers["Response times"].ShouldAllBe(row => (long)row[1]! >= (long)row[2]! && (long)row[2]! > 0);
    }

    [Fact]
    public async Task Removed_messages_come_with_their_last_archived_text()
    {
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one"), ("b", Change.Added, "one")], Cancellation);
        await lake.AddAsync(21, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Changed, "two")], Cancellation);
        await lake.AddAsync(22, isCommitted: true, ConversationOutcome.Incomplete, [("a", Change.Removed, "-")], Cancellation);
        MakeViews();

        object?[] removed = _duck.Rows(Recipe("Removed messages")).ShouldHaveSingleItem();
        (removed[1], removed[5]).ShouldBe(("a", "two"));
        _duck.Rows(Recipe("What is not complete?")).ShouldHaveSingleItem()[1].ShouldBe("incomplete");
        _duck.Rows(Recipe("Every version of a message").Replace(Conversation, "c").Replace("MESSAGE", "a")).Select(row => row[3]).ShouldBe(["added", "changed", "removed"]);
    }

    [Fact]
    public async Task The_view_to_share_has_no_message_text_and_no_open_link()
    {
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one")], Cancellation);
        MakeViews();

        _duck.Execute(MarkdownPage.Of("docs/security.md").Blocks("sql").ShouldHaveSingleItem());

        _duck.Rows("SELECT column_name FROM (DESCRIBE messages_to_share)").Select(row => (string)row[0]!).ShouldNotContain(name => name == "content" || name == "media_url" || name == "phone_number");
        _duck.Count("SELECT count(*) FROM messages_to_share").ShouldBe(1);
    }

    [Fact]
    public async Task The_query_for_engines_without_order_returns_the_state_after_the_newest_run()
    {
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one"), ("b", Change.Added, "one")], Cancellation);
        await lake.AddAsync(21, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Changed, "two"), ("b", Change.Removed, "-")], Cancellation);
        MakeViews();
        string[] statements = Page.Section("### No promised order").Split("```sql\n")[1].Split("```")[0].Split(";");

        string run = (string)_duck.Rows(statements[0])[0][0]!;
        await lake.AddAsync(22, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Changed, "three")], Cancellation);

        statements[1].ShouldStartWith("   -- gives RUN\n");
        _duck.Rows($"SELECT id, content FROM ({statements[1].Replace("'RUN'", $"'{run}'")})").ShouldBe([["a", "two"]]);
    }

    [Fact]
    public async Task A_script_with_relative_paths_goes_with_its_lake()
    {
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one")], Cancellation);
        string script = ViewScript.For(LakeEngine.DuckDb, new LakeLocation(_folder.File("lake"), isRelative: true));
        Directory.Move(_folder.File("lake"), _folder.File("moved"));

        _duck.Execute($"SET file_search_path = '{_folder.File("moved")}';");
        _duck.Execute(script);

        script.ShouldNotContain(_folder.Path);
        _duck.Rows("SELECT id, content, snapshot_date::VARCHAR FROM messages_current").ShouldBe([["a", "one", "2026-11-20"]]);
        _duck.Count("SELECT count(*) FROM media").ShouldBe(0);
    }

    [Theory]
    [InlineData("Trino")]
    [InlineData("Spark")]
    [InlineData("Databricks")]
    [InlineData("Fabric")]
    [InlineData("Synapse")]
    public void Untested_queries_say_so(string engine) => Page.Section($"## {engine}").ShouldContain("not run here");

    internal static string Recipe(string name) => Recipes().Single(recipe => recipe.Name == name).Sql;

    /// <summary>The queries by their headings; where a heading has several, the later ones by their number too.</summary>
    private static IEnumerable<(string Name, string Sql)> Recipes()
    {
        foreach (Match heading in Heading().Matches(Page.Section("## DuckDB")))
        {
            int number = 1;
            foreach (Match block in SqlBlock().Matches(heading.Groups["body"].Value))
            {
                string name = heading.Groups["name"].Value;
                yield return (number == 1 ? name : $"{name} {number}", block.Groups["sql"].Value.Trim().TrimEnd(';'));
                number++;
            }
        }
    }

    private void MakeViews() => _duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(_folder.File("lake"))));

    [GeneratedRegex("^### (?<name>[^\n]+)\n(?<body>.*?)(?=^### |\\z)", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex SqlBlock();
}
