using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>All message versions of the committed parts, as DuckDB reads them.</summary>
internal sealed class VersionLog : IDisposable
{
    private readonly DuckDb _duck = new();

    public VersionLog()
    {
        _duck.Execute("CREATE TABLE versions (conversation_id VARCHAR, id VARCHAR, run_id VARCHAR, change VARCHAR, status VARCHAR, updated_at BIGINT, content VARCHAR, version UBIGINT)");
    }

    public long Count => _duck.Count("SELECT count(*) FROM versions");

    public void Add(string part) => _duck.Execute(
        $"""
        INSERT INTO versions
        SELECT conversation_id, id, run_id, change, status, epoch_us(updated_at), content,
          hash(change = 'removed', created_at, updated_at, direction, status, processing_status, message_type, phone_number, whatsapp_message_id, content, metadata, message_type_data, extra)
        FROM read_parquet('{part}', hive_partitioning = false)
        """);

    /// <summary>No version is there twice, and each says truly how it differs from the one before.</summary>
    public void ShouldBeSound(string when)
    {
        const string Log = "SELECT *, row_number() OVER w AS nth, lag(version) OVER w AS before FROM versions WINDOW w AS (PARTITION BY conversation_id, id ORDER BY run_id)";
        _duck.Rows("SELECT conversation_id, id, run_id FROM versions GROUP BY ALL HAVING count(*) > 1").ShouldBeEmpty($"{when}: twice in one run");
        _duck.Rows($"SELECT conversation_id, id, run_id FROM ({Log}) WHERE version = before").ShouldBeEmpty($"{when}: the same version twice");
        _duck.Rows($"SELECT conversation_id, id, run_id, change FROM ({Log}) WHERE (change = 'added') <> (nth = 1)").ShouldBeEmpty($"{when}: a first version is added, a later one is not");
    }

    /// <summary>The present state, by the rule that readers are given, is the truth.</summary>
    public void ShouldBe(Dictionary<(string Conversation, string Id), (string? Status, long? UpdatedAt, string? Content)> truth, string when)
    {
        var present = _duck
            .Rows("SELECT conversation_id, id, status, updated_at, content FROM (SELECT * FROM versions QUALIFY row_number() OVER (PARTITION BY conversation_id, id ORDER BY run_id DESC) = 1) WHERE change <> 'removed'")
            .ToDictionary(r => ((string)r[0]!, (string)r[1]!), r => ((string?)r[2], (long?)r[3], (string?)r[4]));
        truth.Keys.Except(present.Keys).ShouldBeEmpty($"{when}: lost");
        present.Keys.Except(truth.Keys).ShouldBeEmpty($"{when}: still there");
        truth.Where(t => present[t.Key] != t.Value).Select(t => $"{t.Key}: {present[t.Key]} for {t.Value}").ShouldBeEmpty($"{when}: old");
    }

    /// <summary>As many rows of each conversation, run and change stand in the parts of JSONL. Their lines are not taken apart: not every engine can, where a record holds half an emoji.</summary>
    public void ShouldBeTheSameIn(IReadOnlyCollection<string> parts)
    {
        string files = string.Join(", ", parts.Select(p => $"'{p}'"));
        const string Columns = "columns = {'line': 'VARCHAR'}, delim = '\\x01', quote = '', escape = '', header = false, hive_partitioning = false";
        const string Archive = """regexp_extract(line, '"_archive":\{"conversation_id":"([^"]+)","run_id":"([^"]+)".*"change":"([a-z]+)"', ['conversation_id', 'run_id', 'change'])""";
        string lines = $"SELECT a.conversation_id, a.run_id, a.change, count(*) FROM (SELECT {Archive} AS a FROM read_csv([{files}], {Columns})) GROUP BY ALL";
        const string Rows = "SELECT conversation_id, run_id, change, count(*) FROM versions GROUP BY ALL";
        _duck.Rows($"({lines} EXCEPT {Rows}) UNION ALL ({Rows} EXCEPT {lines})").ShouldBeEmpty("in one format and not in the other");
    }

    public void Dispose() => _duck.Dispose();
}
