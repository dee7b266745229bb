using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>
/// What can be said of a script without its engine. There is no parser of Spark SQL or T-SQL here: these scripts are only looked at.
/// </summary>
public sealed partial class ViewScriptTests
{
    private const string Container = "https://account.blob.core.windows.net/kapso-archive";

    public static TheoryData<LakeEngine> Engines => new(Enum.GetValues<LakeEngine>());

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_script_makes_the_same_views(LakeEngine engine)
    {
        IEnumerable<string> made = View().Matches(Script(engine)).Select(match => match.Groups["name"].Value);

        made.Except(["manifests", "committed_files", "messages_parts", "conversations_parts", "media"])
            .ShouldBe(["committed_runs", "messages", "conversations", "messages_current", "message_history", "conversations_current"]);
        made.Contains("media").ShouldBe(engine is not (LakeEngine.Spark or LakeEngine.Synapse), "these two refuse a pattern without a file");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Quotes_and_parentheses_are_balanced_in_every_script(LakeEngine engine)
    {
        string code = Comment().Replace(Script(engine), "");
        string bare = Literal().Replace(code, "");

        bare.ShouldNotContain("'");
        bare.Count(c => c == '(').ShouldBe(bare.Count(c => c == ')'));
        bare.Count(c => c == '(').ShouldBeGreaterThan(10);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_script_begins_with_its_engine_its_usage_and_its_test_status(LakeEngine engine)
    {
        string[] head = [.. Script(engine).Split('\n').TakeWhile(line => line.StartsWith("-- ", StringComparison.Ordinal))];

        string text = string.Join(' ', head.Select(line => line[3..]));
        text.ShouldStartWith("The views of a KapsoArchive lake, for ");
        text.ShouldContain(engine == LakeEngine.DuckDb ? "this script is run by the project's tests" : "not run by the project's tests");
        text.ShouldContain("Run it: ");
        text.ShouldContain("A lake of JSONL only has no folder messages");
    }

    [Fact]
    public void A_schema_for_Spark_names_each_column_with_its_type()
    {
        string script = Script(LakeEngine.Spark);
        foreach (string column in Declared(Datasets.Messages, "TIMESTAMP", "BIGINT", "STRING").Concat(Declared(Datasets.Conversations, "TIMESTAMP", "BIGINT", "STRING")))
            script.ShouldContain(column);
    }

    [Fact]
    public void A_schema_for_Synapse_names_each_column_with_its_type()
    {
        string script = Script(LakeEngine.Synapse);
        foreach (string column in Declared(Datasets.Messages, "DATETIME2(6)", "BIGINT", "VARCHAR(").Concat(Declared(Datasets.Conversations, "DATETIME2(6)", "BIGINT", "VARCHAR(")))
            script.ShouldContain($"\n  {column}");
        VarChar().Matches(script).ShouldAllBe(match => match.Groups["collation"].Value == "COLLATE Latin1_General_100_BIN2_UTF8");
    }

    [Theory]
    [InlineData(LakeEngine.DuckDb, "'az://account.blob.core.windows.net/kapso-archive/messages/snapshot_date=*/*.parquet'")]
    [InlineData(LakeEngine.Spark, "path 'abfss://kapso-archive@account.dfs.core.windows.net/messages/snapshot_date=*'")]
    [InlineData(LakeEngine.Spark, "basePath 'abfss://kapso-archive@account.dfs.core.windows.net/messages'")]
    [InlineData(LakeEngine.Fabric, "FROM delta.`abfss://kapso-archive@account.dfs.core.windows.net/messages`")]
    [InlineData(LakeEngine.Databricks, "FROM delta.`abfss://kapso-archive@account.dfs.core.windows.net/media`")]
    [InlineData(LakeEngine.Synapse, "'https://account.dfs.core.windows.net/kapso-archive/messages/snapshot_date=*/*.parquet'")]
    public void A_container_is_named_in_the_engines_form(LakeEngine engine, string path) => Script(engine).ShouldContain(path);

    [Theory]
    [InlineData(LakeEngine.DuckDb, "/a'b/c[d]", "'/a''b/c[[]d]/_manifests/*.json'")]
    [InlineData(LakeEngine.Spark, "/a'b/c[d]", @"'file:/a\'b/c\\[d\\]/_manifests/*.json'")]
    [InlineData(LakeEngine.Spark, "/a'b/c[d]", @"basePath 'file:/a\'b/c[d]/messages'")]
    [InlineData(LakeEngine.Databricks, "/a'b`/c[d]", "delta.`file:/a'b``/c[d]/messages`")]
    [InlineData(LakeEngine.Databricks, "/Volumes/main/lake/it's", @"'/Volumes/main/lake/it\'s/_manifests/*.json'")]
    [InlineData(LakeEngine.Databricks, "/mnt/lake", "'file:/mnt/lake/_manifests/*.json'")]
    public void A_folder_is_quoted_and_its_wildcards_are_literal(LakeEngine engine, string folder, string path) =>
        ViewScript.For(engine, new LakeLocation(folder)).ShouldContain(path);

    [Theory]
    [InlineData(LakeEngine.DuckDb)]
    [InlineData(LakeEngine.Spark)]
    [InlineData(LakeEngine.Databricks)]
    public void A_folder_occurs_only_in_literals(LakeEngine engine)
    {
        const string folder = "/x'; DROP TABLE messages; --";

        string script = ViewScript.For(engine, new LakeLocation(folder));

        string bare = Literal().Replace(Comment().Replace(script, ""), "");
        bare.ShouldNotContain("DROP");
        bare.ShouldNotContain("'");
    }

    [Theory]
    [InlineData(LakeEngine.Synapse)]
    [InlineData(LakeEngine.Fabric)]
    public void An_engine_that_reads_no_folder_of_this_machine_says_so(LakeEngine engine) =>
        Should.Throw<LakeLocationException>(() => ViewScript.For(engine, new LakeLocation("/lake"))).Message
            .ShouldEndWith("does not read the folder /lake: give the container's URL, https://ACCOUNT.blob.core.windows.net/CONTAINER.");

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_script_reads_manifests_of_archive_runs_alone(LakeEngine engine)
    {
        string runs = Script(engine)[Script(engine).IndexOf("CREATE", StringComparison.Ordinal)..];
        runs = runs[..runs.IndexOf("All versions of all messages", StringComparison.Ordinal)];

        runs.ShouldContain("_manifests/*.json");
        runs.ShouldContain(engine == LakeEngine.Synapse ? "JSON_VALUE(m.document, '$.kind') = 'archive'" : "kind = 'archive' AND status <> 'Failed'");
    }

    [Theory]
    [InlineData(LakeEngine.Spark, "/lake")]
    [InlineData(LakeEngine.DuckDb, Container)]
    public void Relative_paths_are_refused_except_for_DuckDB_and_a_folder(LakeEngine engine, string location) =>
        Should.Throw<LakeLocationException>(() => ViewScript.For(engine, new LakeLocation(location, isRelative: true))).Message
            .ShouldBe("Relative paths are written for DuckDB and a folder. Leave --relative out.");

    [Theory]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/archive")]
    [InlineData("https://example.com/archive")]
    [InlineData("/lake\n; DROP TABLE messages")]
    public void A_place_that_no_engine_reads_is_refused(string location) => Should.Throw<LakeLocationException>(() => new LakeLocation(location));

    private static string Script(LakeEngine engine) => ViewScript.For(engine, new LakeLocation(Container));

    private static IEnumerable<string> Declared<TRow>(Dataset<TRow> dataset, string timestamp, string count, string text) =>
        dataset.Columns.Select(column => $"{column.Name} {(column is TimestampColumn<TRow> ? timestamp : column is CountColumn<TRow> ? count : text)}");

    [GeneratedRegex(@"^CREATE OR (?:REPLACE|ALTER) (?:TEMPORARY )?VIEW (?:dbo\.)?(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex View();

    [GeneratedRegex(@"^--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // A quote is doubled, or follows a backslash; the name of a Delta table is in backticks.
    [GeneratedRegex(@"'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`")]
    private static partial Regex Literal();

    [GeneratedRegex(@"VARCHAR\(\w+\)\)? (?<collation>\w+ \w+)")]
    private static partial Regex VarChar();
}
