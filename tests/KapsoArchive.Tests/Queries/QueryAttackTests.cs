using System.Security.Cryptography;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Query;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;

namespace KapsoArchive.Tests.Queries;

/// <summary>Queries of an attacker: they read nothing but the lake, write nothing, and end.</summary>
public sealed class QueryAttackTests : IAsyncLifetime
{
    private const string Secret = "SECRET-OF-THIS-MACHINE";

    private static readonly string[] Reads =
    [
        "SELECT * FROM read_csv('FOLDER/secret.csv')", "SELECT * FROM 'FOLDER/secret.csv'", "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/proc/self/environ')", "SELECT * FROM read_csv('LAKE/link.csv')", "SELECT * FROM read_text('LAKE/inside.csv')",
        "SELECT * FROM read_text('LAKE/messages/../../secret.csv')", "SELECT * FROM read_text('LAKE/_state/latest.json')", "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM glob('LAKE/*')", "SELECT * FROM read_parquet('LAKE/messages/*/*.parquet')", "SELECT * FROM read_parquet('LAKE/messages/*/link.parquet')",
        "SELECT * FROM read_json('LAKE/_manifests/*.json')", "SELECT * FROM sniff_csv('FOLDER/secret.csv')", "SELECT * FROM parquet_metadata('/etc/passwd')",
        "SELECT * FROM read_text('https://example.invalid/')", "SELECT * FROM read_parquet('s3://bucket/x.parquet')", "SELECT * FROM read_duckdb('/tmp/x.db')",
        "SELECT getenv('HOME')", "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')", "SELECT * FROM query_table('/etc/passwd')",
        "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''/etc/passwd'')'))",
        "WITH x AS (SELECT * FROM read_text('/etc/hostname')) SELECT * FROM x", "SELECT (SELECT content FROM read_text('/etc/passwd'))",
        "DESCRIBE SELECT * FROM read_csv('FOLDER/secret.csv')", "SUMMARIZE 'FOLDER/secret.csv'",
    ];

    private static readonly string[] Writes =
    [
        "COPY (SELECT 1) TO 'FOLDER/new.csv'", "COPY (SELECT 1) TO 'PART'", "COPY (SELECT 1) TO 'PART' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'PART' (FORMAT parquet, USE_TMP_FILE false)", "EXPORT DATABASE 'FOLDER/new'", "IMPORT DATABASE 'FOLDER/new'",
        "ATTACH 'FOLDER/new.db'", "ATTACH ':memory:' AS other", "CREATE TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1", "INSERT INTO committed_files VALUES ('a', 'b', 'c')",
        "DELETE FROM committed_files", "DROP VIEW messages", "UPDATE committed_files SET path = ''", "WITH x AS (SELECT 1) DELETE FROM committed_files",
        "INSTALL httpfs", "LOAD httpfs", "LOAD 'FOLDER/x.duckdb_extension'", "SET memory_limit = '100GB'", "RESET lock_configuration", "SET lock_configuration = false",
        "SET enable_external_access = true", "SET VARIABLE x = 1", "PRAGMA enable_profiling", "CALL enable_logging(storage = 'file', storage_path = 'FOLDER/log')",
        "CHECKPOINT", "VACUUM", "BEGIN", "PREPARE p AS SELECT 1", "EXECUTE p", "USE memory", "EXPLAIN SELECT 1",
        "SELECT 1; SELECT 2", "SELECT 1; COPY (SELECT 1) TO 'FOLDER/new.csv'", "SELECT 1); COPY (SELECT 1) TO 'FOLDER/new.csv' --", "SELECT '1') AS x; DROP VIEW messages; --",
        "SELECT * FROM query('COPY (SELECT 1) TO ''FOLDER/new.csv''')", "FROM enable_profiling(save_location = 'PART')",
        "SELECT ?", "SELECT $x", "", ";", "-- nothing", "\0",
    ];

    private static readonly string[] Futile =
    [
        "FROM enable_logging(storage = 'file', storage_path = 'FOLDER/log')", "FROM enable_profiling(save_location = 'FOLDER/new.json', format = 'json')",
        "FROM force_checkpoint()", "FROM duckdb_secrets()",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Part => _folder.File("lake/messages/snapshot_date=2026-11-20/20261120T020000Z-0000abcd-00000.parquet");

    public async ValueTask InitializeAsync()
    {
        SmallLake lake = new(_folder.File("lake"));
        await lake.AddAsync(20, isCommitted: true, ConversationOutcome.Complete, [("a", Change.Added, "one"), ("b", Change.Added, "two")], Cancellation);
        await lake.AddAsync(21, isCommitted: false, ConversationOutcome.Complete, [("c", Change.Added, "three")], Cancellation);
        await File.WriteAllTextAsync(_folder.File("secret.csv"), $"a\n{Secret}\n", Cancellation);
        await File.WriteAllTextAsync(_folder.File("lake/inside.csv"), $"a\n{Secret}\n", Cancellation);
        File.CreateSymbolicLink(_folder.File("lake/link.csv"), _folder.File("secret.csv"));
        File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(Part)!, "link.parquet"), _folder.File("secret.csv"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_query_opens_no_file_but_the_committed_ones()
    {
        foreach (string attack in Reads)
            (await RefusedAsync(attack.Replace("FOLDER", _folder.Path).Replace("LAKE", _folder.File("lake")))).Message.ShouldNotContain(Secret);

        (await AnswerAsync("SELECT id FROM messages ORDER BY id")).Rows.SelectMany(r => r).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_query_writes_nothing_and_changes_no_setting()
    {
        string before = Fingerprint();

        foreach (string attack in Writes)
            await RefusedAsync(attack.Replace("FOLDER", _folder.Path).Replace("PART", Part));
        foreach (string accepted in Futile) // DuckDB takes them for a SELECT, but they have no effect.
            (await AnswerAsync(accepted.Replace("FOLDER", _folder.Path))).Rows.ShouldBeEmpty();

        Fingerprint().ShouldBe(before);
        (await AnswerAsync("SELECT value FROM duckdb_settings() WHERE name IN ('lock_configuration', 'autoinstall_known_extensions', 'autoload_known_extensions', "
            + "'enable_external_access', 'allow_unsigned_extensions') ORDER BY name")).Rows.SelectMany(r => r).ShouldBe(["false", "false", "false", "false", "true"]);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM range(3000000000) a, range(1000000) b")]
    [InlineData("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t")]
    [InlineData("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x FROM t) SELECT count(*) FROM t")]
    [InlineData("SELECT sum(hash(a.content || b.range)) FROM messages a, range(100000000000) b")]
    public async Task A_query_without_an_end_is_ended(string sql)
    {
        SettingException ended = await RefusedAsync(sql, new QueryLimits { Timeout = TimeSpan.FromMilliseconds(300) });

        ended.Message.ShouldBe("The query takes longer than 0.3 seconds. Narrow it, or give it more time: --timeout.");
    }

    [Theory]
    [InlineData("SELECT list(range) FROM range(1000000000)")]
    [InlineData("SELECT string_agg(range::VARCHAR, ',') FROM range(1000000000)")]
    [InlineData("SELECT count(*) FROM (SELECT DISTINCT range FROM range(1000000000))")]
    public async Task A_query_gets_only_its_memory(string sql) =>
        (await RefusedAsync(sql, new QueryLimits { Memory = 64L << 20, TemporaryBytes = 1 << 20 })).Message.ShouldContain("memory", Case.Insensitive);

    [Fact]
    public async Task A_huge_answer_is_cut()
    {
        QueryAnswer rows = await AnswerAsync("SELECT range FROM range(1000000000)", new QueryLimits { Rows = 3 });
        QueryAnswer texts = await AnswerAsync("SELECT repeat('x', 10000) FROM range(1000000000)", new QueryLimits { Characters = 45_000 });

        (rows.Rows.Count, rows.IsCut).ShouldBe((3, true));
        (texts.Rows.Count, texts.IsCut).ShouldBe((4, true));
    }

    [Fact]
    public async Task A_link_in_place_of_a_part_is_not_followed_out_of_the_lake()
    {
        File.Move(Part, _folder.File("moved.parquet"));
        File.CreateSymbolicLink(Part, _folder.File("moved.parquet"));

        StoreException refused = await Should.ThrowAsync<StoreException>(() => AnswerAsync("FROM messages"));

        refused.Message.ShouldContain("link");
    }

    private async Task<SettingException> RefusedAsync(string sql, QueryLimits? limits = null)
    {
        try
        {
            QueryAnswer answer = await AnswerAsync(sql, limits);
            throw new ShouldAssertException($"{sql} was answered: {string.Join(' ', answer.Rows.SelectMany(r => r))}");
        }
        catch (SettingException refused)
        {
            refused.Message.ShouldNotContain("\n");
            refused.Message.ShouldEndWith(".", Case.Sensitive, sql);
            return refused;
        }
    }

    private Task<QueryAnswer> AnswerAsync(string sql, QueryLimits? limits = null) =>
        new LakeQuery(new FolderStore(_folder.File("lake")), cache: null).AnswerAsync(sql, limits ?? new QueryLimits(), Cancellation);

    /// <summary>Every file with its bytes.</summary>
    private string Fingerprint() => string.Join('\n', Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
