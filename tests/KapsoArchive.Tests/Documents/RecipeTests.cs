using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;

namespace KapsoArchive.Tests.Documents;

/// <summary>The recipes of docs/recipes, as far as DuckDB can run them: after each night of a small lake.</summary>
public sealed partial class RecipeTests : IDisposable
{
    private const string Folder = "docs/recipes";

    private static readonly (string Id, Change Change, string Content)[][] Nights =
    [
        [("a", Change.Added, "one"), ("b", Change.Added, "one"), ("c", Change.Added, "one"), ("d", Change.Added, "one")],
        [("a", Change.Changed, "two"), ("b", Change.Removed, "one")],
        [("b", Change.Added, "back"), ("d", Change.Removed, "one"), ("e", Change.Added, "new")],
        [("x", Change.Added, "new"), ("e", Change.Changed, "two")],
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("incremental.md", 5)]
    [InlineData("power-bi.md", 2)]
    public async Task Every_query_runs_that_reads_no_Delta_table(string page, int queries)
    {
        for (int night = 0; night < Nights.Length; night++)
            await AddAsync(night);

        string[] sql = [.. MarkdownPage.Of($"{Folder}/{page}").Blocks("sql").Where(block => !block.Contains("delta.`", StringComparison.Ordinal))];
        string[] run = [.. sql.Select(s => Here(s).Replace("SINCE", SmallLake.Run(21).RunId).Replace("UP_TO", SmallLake.Run(22).RunId))];

        run.Length.ShouldBe(queries);
        foreach (string query in run.Where(q => !q.StartsWith("COPY", StringComparison.Ordinal)))
            _duck.Rows(query).ShouldNotBeEmpty(query);
        foreach (string copy in run.Where(q => q.StartsWith("COPY", StringComparison.Ordinal)))
        {
            _duck.Execute(copy);
            _duck.Count($"SELECT count(*) FROM '{Parquet().Match(copy).Value}'").ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task An_increment_has_the_rows_of_the_runs_after_the_mark()
    {
        for (int night = 0; night < Nights.Length; night++)
            await AddAsync(night);
        string[] sql = [.. MarkdownPage.Of($"{Folder}/incremental.md").Blocks("sql").Select(s => s.Replace("SINCE", SmallLake.Run(20).RunId).Replace("UP_TO", SmallLake.Run(22).RunId))];

        _duck.Rows(sql[0]).ShouldBe([[SmallLake.Run(23).RunId]]);
        _duck.Rows($"SELECT id, change FROM ({sql[1].Trim().TrimEnd(';')})").Select(r => $"{r[0]} {r[1]}")
            .ShouldBe(["a changed", "b removed", "b added", "d removed", "e added"], ignoreOrder: true);
        _duck.Rows($"SELECT id, change FROM ({sql[3].Trim().TrimEnd(';')})").Select(r => $"{r[0]} {r[1]}")
            .ShouldBe(["a changed", "b added", "d removed", "e added"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_merged_table_is_the_present_state_after_each_load(int nightsPerLoad)
    {
        string[] sql = [.. MarkdownPage.Of($"{Folder}/merge.md").Blocks("sql")];
        sql.Length.ShouldBe(3);
        string since = "";
        for (int night = 0; night < Nights.Length; night++)
        {
            await AddAsync(night);
            if (night == 0)
                _duck.Execute(sql[0]);
            if ((night + 1) % nightsPerLoad != 0)
                continue;
            string mark = (string)_duck.Rows(sql[2])[0][0]!;
            for (int time = 0; time < 2; time++) // The second changes nothing.
            {
                _duck.Execute(sql[1].Replace("SINCE", since));
                Differences("SELECT * FROM whatsapp_messages", "SELECT * EXCLUDE (first_run_id, first_position) FROM messages_current").ShouldBe(0);
            }

            since = mark;
        }

        _duck.Count("SELECT count(*) FROM whatsapp_messages").ShouldBe(5);
    }

    [Fact]
    public async Task The_dbt_models_follow_the_archive()
    {
        _duck.Execute("CREATE SCHEMA models");
        for (int night = 0; night < Nights.Length; night++)
        {
            await AddAsync(night);
            BuildModels();

            Differences("SELECT conversation_id, message_id, run_id FROM models.messages_current WHERE NOT is_removed", "SELECT conversation_id, id, run_id FROM messages_current").ShouldBe(0);
            Differences("SELECT conversation_id, outcome, run_id FROM models.conversations_current", "SELECT conversation_id, outcome, run_id FROM conversations_current").ShouldBe(0);
            _duck.Count("SELECT sum(messages)::BIGINT FROM models.messages_by_day").ShouldBe(_duck.Count("SELECT count(*) FROM messages_current"));
        }
    }

    [Fact]
    public async Task The_notebook_is_one_and_its_queries_run()
    {
        for (int night = 0; night < Nights.Length; night++)
            await AddAsync(night);

        JsonNode notebook = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("docs", "recipes", "lake.ipynb"), Cancellation))!;

        ((int)notebook["nbformat"]!).ShouldBe(4);
        JsonNode[] cells = [.. notebook["cells"]!.AsArray().Select(cell => cell!)];
        cells.ShouldAllBe(cell => (string?)cell["cell_type"] == "markdown" || ((string?)cell["cell_type"] == "code" && cell["outputs"]!.AsArray().Count == 0));
        string[] queries = [.. cells.Select(cell => string.Concat(cell["source"]!.AsArray().Select(line => (string)line!))).SelectMany(source => PythonSql().Matches(source).Select(m => m.Groups["sql"].Value))];
        queries.Length.ShouldBe(5);
        foreach (string query in queries)
            _duck.Execute(Here(query));
    }

    /// <summary>A night, after which the views are made once.</summary>
    private async Task AddAsync(int night)
    {
        await new SmallLake(_folder.File("lake")).AddAsync(20 + night, isCommitted: true, ConversationOutcome.Complete, Nights[night], Cancellation);
        if (night == 0)
            _duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(_folder.File("lake"))));
    }

    /// <summary>What <c>dbt build</c> does with the templates of this project: a model after those that it names.</summary>
    private void BuildModels()
    {
        Dictionary<string, string> models = Directory.GetFiles(Repository.File("docs", "recipes", "dbt", "models"), "*.sql", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        HashSet<string> built = [];
        while (built.Count < models.Count)
        {
            string next = models.Keys.First(name => !built.Contains(name) && Reference().Matches(models[name]).All(m => built.Contains(m.Groups["name"].Value)));
            Build(next, models[next]);
            built.Add(next);
        }
    }

    private void Build(string name, string template)
    {
        bool isIncrement = template.Contains("incremental", StringComparison.Ordinal)
            && _duck.Count("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'models' AND table_name = $1", name) > 0;
        string sql = Reference().Replace(Source().Replace(Configuration().Replace(template, ""), "main.${name}"), "models.${name}")
            .Replace("{{ this }}", $"models.{name}");
        sql = Increment().Replace(sql, isIncrement ? "${sql}" : "");
        sql.ShouldNotContain("{");
        if (!isIncrement)
        {
            _duck.Execute($"CREATE OR REPLACE TABLE models.{name} AS {sql}");
            return;
        }

        _duck.Execute($"CREATE OR REPLACE TEMPORARY TABLE increment AS {sql}");
        _duck.Execute($"DELETE FROM models.{name} WHERE message_key IN (SELECT message_key FROM increment); INSERT INTO models.{name} FROM increment;");
    }

    private long Differences(string one, string other) =>
        _duck.Count($"SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))");

    /// <summary>With the files that it writes in this test's folder.</summary>
    private string Here(string sql) => Written().Replace(sql.Trim(), m => $"TO '{_folder.File(m.Groups["name"].Value)}'");

    [GeneratedRegex("TO '(?<name>[a-z_]+\\.parquet)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Written();

    [GeneratedRegex("[^']+\\.parquet")]
    private static partial Regex Parquet();

    [GeneratedRegex("\"\"\"\n(?<sql>.*?)\"\"\"", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex PythonSql();

    [GeneratedRegex(@"\{\{ ref\('(?<name>\w+)'\) \}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{\{ source\('lake', '(?<name>\w+)'\) \}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();

    [GeneratedRegex(@"\{\{ config\(.*?\) \}\}")]
    private static partial Regex Configuration();

    [GeneratedRegex(@"\{% if is_incremental\(\) %\}(?<sql>.*?)\{% endif %\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Increment();
}
