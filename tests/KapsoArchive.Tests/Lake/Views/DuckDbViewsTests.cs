using System.Text;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>The DuckDB script, run on lakes.</summary>
public sealed partial class DuckDbViewsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("lake")]
    [InlineData("the customer's lake")]
    [InlineData("[a] lake* of {stars}?")]
    public async Task The_views_show_the_present_and_past_of_committed_runs_only(string name)
    {
        await MakeAsync(name);

        Texts("SELECT id || ' ' || content FROM messages_current").ShouldBe(["a two", "b back", "c one"]);
        Texts("SELECT id || ' ' || run_id[7:8] || ' ' || change FROM messages").ShouldBe(
            ["a 20 added", "a 21 changed", "b 20 added", "b 21 removed", "b 22 added", "c 20 added", "d 20 added", "d 22 removed"]);
        Texts("SELECT outcome || ' ' || distinct_count || ' ' || snapshot_date FROM conversations_current").ShouldBe(["complete 2 2026-11-22"]);
        Texts("SELECT run_id[7:8] FROM conversations").ShouldBe(["20", "21", "22"]);
    }

    [Fact]
    public async Task The_history_numbers_the_versions_with_their_validity()
    {
        await MakeAsync("lake");

        Texts("""
            SELECT concat_ws(' ', id, version, strftime(valid_from, '%d'), coalesce(strftime(valid_to, '%d'), '-'), is_current) FROM message_history
            """).ShouldBe(
        [
            "a 1 20 21 false", "a 2 21 - true",
            "b 1 20 21 false", "b 2 21 22 false", "b 3 22 - true",
            "c 1 20 - true",
            "d 1 20 22 false", "d 2 22 - false",
        ]);
        _duck.Count("SELECT count(*) FROM (SELECT id, run_id FROM message_history WHERE is_current EXCEPT SELECT id, run_id FROM messages_current)").ShouldBe(0);
    }

    [Fact]
    public async Task In_a_lake_of_older_parts_later_columns_are_null()
    {
        SmallLake lake = new(_folder.File("lake"));
        RunStamp run = SmallLake.Run(20);
        var flattener = new RecordFlattener(Utf8Text.From("c"), run);
        MessageRow[] rows = [.. new[] { "a", "b" }.Select(id => flattener.Flatten(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""), out _)!)];
        await lake.AddAsync(run, isCommitted: true, ConversationOutcome.Complete, rows, OlderParts.SchemaVersion, Cancellation);
        _duck.Execute(Script("lake"));

        foreach (string view in new[] { "messages_current", "message_history" })
            _duck.Rows($"SELECT id, position, first_run_id, first_position, snapshot_date::VARCHAR FROM {view} ORDER BY id")
                .ShouldBe([["a", null, run.RunId, null, "2026-11-20"], ["b", null, run.RunId, null, "2026-11-20"]]);
        await lake.AddAsync(22, isCommitted: true, ConversationOutcome.Complete, [("c", Change.Added, "new")], Cancellation);
        Texts("SELECT id FROM messages_current").ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_filter_is_pushed_down_to_the_files()
    {
        await MakeAsync("lake");

        string plan = (string)_duck.Rows("EXPLAIN SELECT content FROM messages WHERE conversation_id = 'c' AND snapshot_date = '2026-11-21'")[0][1]!;

        plan.ShouldContain("conversation_id='c'");
        plan.ShouldContain("Scanning Files: 1/");
    }

    [Fact]
    public async Task A_run_is_visible_once_committed_without_recreating_the_views()
    {
        SmallLake lake = await MakeAsync("lake");

        await lake.AddAsync(24, isCommitted: true, ConversationOutcome.Failed, [("e", Change.Added, "new")], Cancellation);

        Texts("SELECT id FROM messages_current").ShouldBe(["a", "b", "c", "e"]);
        Texts("SELECT outcome FROM conversations_current").ShouldBe(["failed"]);
    }

    [Fact]
    public async Task The_views_have_every_column_of_the_datasets()
    {
        await MakeAsync("lake");

        Columns("messages_current").ShouldBe([.. Columns("messages"), "first_run_id", "first_position"]);
        Columns("messages").ShouldBe([.. Datasets.Messages.Columns.Select(column => column.Name), "snapshot_date"]);
        Columns("conversations_current").ShouldBe([.. Datasets.Conversations.Columns.Select(column => column.Name), "snapshot_date"]);
        Columns("message_history").ShouldBe([.. Columns("messages_current"), "version", "valid_from", "valid_to", "is_current"]);
    }

    [Fact]
    public async Task Invalid_JSON_in_older_parts_fails_no_query()
    {
        string[] records = [.. OddValues.Records.Select(Encoding.UTF8.GetString), """{"id":"pairs","metadata":{"a":"\ud83d\ude00 \\ud83d \ude00\ud83d"},"other":"\ud83d"}"""];
        List<MessageRow> rows = [.. records.Select(r => Rows.Flatten(r, "c"))];
        rows.ForEach(row => row.NeedsRepair = false); // As a version wrote them that repaired nothing.
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, rows, Cancellation);
        await lake.AddAsync(21, [.. records.Select(r => Rows.Flatten(r.Replace("000a0", "000b0"), "c"))], Cancellation);
        _duck.Execute(Script("lake"));

        foreach (string column in (string[])["metadata", "message_type_data", "extra"])
            _duck.Rows($"SELECT json_extract({column}, '$.a'), json_extract_string({column}, '$.other') FROM message_history").Count.ShouldBe(2 * records.Length);
        Texts("SELECT metadata->>'$.a' || (extra->>'$.other') FROM messages WHERE id = 'pairs' AND run_id LIKE '20261120%'").ShouldBe(["😀 \\ud83d "]);
        _duck.Count("SELECT count(*) FROM messages WHERE extra->>'_record_base64' IS NOT NULL").ShouldBe(rows.Count(r => RecordRepair.Repair(r.Record.Span) is not null));
    }

    [Fact]
    public async Task The_scripts_advice_for_a_JSONL_only_lake_works()
    {
        await MakeAsync("lake");
        Directory.Delete(_folder.File("lake/messages"), recursive: true);
        string script = Script("lake");
        string advice = JsonlAdvice().Match(script).Value.Replace("…", _folder.File("lake"));

        Texts($"SELECT id || ' ' || _archive.change FROM {advice} WHERE run_id LIKE '20261121%'").ShouldBe(["a changed", "b removed"]);
    }

    [Fact]
    public void The_script_names_the_version_that_it_was_tested_with()
    {
        string version = (string)_duck.Rows("SELECT version()")[0][0]!;

        Script("lake").ShouldContain($"for DuckDB {string.Join('.', version.TrimStart('v').Split('.')[..2])} and later");
    }

    private async Task<SmallLake> MakeAsync(string name)
    {
        SmallLake lake = new(_folder.File(name));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Incomplete,
            [("a", Change.Added, "one"), ("b", Change.Added, "one"), ("c", Change.Added, "one"), ("d", Change.Added, "one")], Cancellation);
        await lake.AddAsync(21, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Changed, "two"), ("b", Change.Removed, "one")], Cancellation);
        await lake.AddAsync(22, isCommitted: true, ConversationOutcome.Complete, [("b", Change.Added, "back"), ("d", Change.Removed, "one")], Cancellation);
        await lake.AddAsync(23, isCommitted: false, ConversationOutcome.Failed, [("a", Change.Changed, "not committed"), ("x", Change.Added, "not committed")], Cancellation);
        _duck.Execute(Script(name));
        return lake;
    }

    private string Script(string name) => ViewScript.For(LakeEngine.DuckDb, new LakeLocation(_folder.File(name)));

    private List<string> Texts(string sql) => [.. _duck.Rows($"SELECT * FROM ({sql}) ORDER BY 1").Select(row => (string)row[0]!)];

    private List<string> Columns(string view) => [.. _duck.Rows($"SELECT column_name FROM (DESCRIBE {view})").Select(row => (string)row[0]!)];

    [GeneratedRegex(@"committed_runs JOIN read_json\('…[^\n]*")]
    private static partial Regex JsonlAdvice();
}
