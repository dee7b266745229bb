using System.IO.Compression;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class JsonlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Part => _folder.File("part.jsonl.gz");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_line_is_the_samples_bytes_plus_the_archive_member()
    {
        byte[][] records = [.. SandboxSamples.Records.Select(r => r.ToArray()).Where(r => !Rows.Flatten(r).NeedsRepair)];
        records.Length.ShouldBe(SandboxSamples.Records.Count - 1, "one holds half a surrogate pair");

        List<byte[]> lines = await WriteAsync(records);

        lines.Count.ShouldBe(records.Length);
        for (int i = 0; i < records.Length; i++)
        {
            lines[i].AsSpan().StartsWith(records[i].AsSpan()[..^1]).ShouldBeTrue();
            Encoding.UTF8.GetString(lines[i].AsSpan()[(records[i].Length - 1)..]).ShouldBe(
                ",\"_archive\":{\"conversation_id\":\"conversation-1\",\"run_id\":\"" + Rows.Run.RunId + "\",\"archived_at\":\"2026-11-22T02:00:00.123456Z\",\"change\":\"added\",\"position\":null}}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-41)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task The_archive_member_has_the_position(long position)
    {
        MessageRow row = Rows.Flatten("""{"id":"1"}""");
        row.Position = position;
        await Rows.WritePartAsync(Part, PartFormat.Jsonl, [[row]], TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString((await ReadAsync())[0]).ShouldEndWith($",\"change\":\"added\",\"position\":{position}}}}}");
        using var duck = new DuckDb();
        duck.Rows($"SELECT _archive.position FROM read_json_auto('{Part}')").ShouldHaveSingleItem()[0].ShouldBe(position);
    }

    [Fact]
    public async Task A_record_of_several_lines_becomes_one_line()
    {
        List<byte[]> lines = await WriteAsync(["{\r\n  \"id\": \"i\",\n  \"content\": \"a\\nb\"\n}"u8.ToArray()]);

        Encoding.UTF8.GetString(lines.Single()).ShouldStartWith("{    \"id\": \"i\",   \"content\": \"a\\nb\" ,\"_archive\":{");
    }

    [Fact]
    public async Task DuckDB_reads_the_same_number_of_lines_and_ids()
    {
        byte[][] records = [.. SandboxSamples.Records.Select(r => r.ToArray())];
        await WriteAsync(records);

        using var duck = new DuckDb();
        duck.Rows($"SELECT id FROM read_json('{Part}', columns = {{'id': 'VARCHAR'}})").Select(r => (string)r[0]!).ShouldBe(records.Select(r => Rows.Flatten(r).Id.ToString()));
        duck.Count($"SELECT count(DISTINCT id) FROM read_json_auto('{Part}') WHERE _archive.run_id = '{Rows.Run.RunId}'").ShouldBe(records.Length);
    }

    [Fact]
    public async Task A_removed_message_is_a_line_with_its_id()
    {
        MessageRow[] rows = [.. new[] { "plain", "a\"\\\n😊\u0001" }.Select(id => MessageRow.Removed(Utf8Text.From("conversation-1"), Utf8Text.From(id), Rows.Run))];
        await Rows.WritePartAsync(Part, PartFormat.Jsonl, [rows], TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString((await ReadAsync())[0]).ShouldBe(
            "{\"id\":\"plain\",\"_archive\":{\"conversation_id\":\"conversation-1\",\"run_id\":\"" + Rows.Run.RunId + "\",\"archived_at\":\"2026-11-22T02:00:00.123456Z\",\"change\":\"removed\",\"position\":null}}");
        using var duck = new DuckDb();
        duck.Rows($"SELECT id FROM read_json_auto('{Part}') WHERE _archive.change = 'removed'").Select(r => r[0]).ShouldBe(["plain", "a\"\\\n😊\u0001"]);
    }

    private async Task<List<byte[]>> WriteAsync(IEnumerable<byte[]> records)
    {
        await Rows.WritePartAsync(Part, PartFormat.Jsonl, [[.. records.Select(r => Rows.Flatten(r))]], TestContext.Current.CancellationToken);
        List<byte[]> lines = await ReadAsync();
        foreach (byte[] line in lines)
            JsonDocument.Parse(line).Dispose();
        return lines;
    }

    private Task<List<byte[]>> ReadAsync() => ReadAsync(Part);

    internal static async Task<List<byte[]>> ReadAsync(string part)
    {
        await using var gzip = new GZipStream(File.OpenRead(part), CompressionMode.Decompress);
        using var text = new MemoryStream();
        await gzip.CopyToAsync(text, TestContext.Current.CancellationToken);
        List<byte[]> lines = [];
        for (ReadOnlyMemory<byte> rest = text.ToArray(); rest.Length > 0;)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            lines.Add(rest[..end].ToArray());
            rest = rest[(end + 1)..];
        }

        return lines;
    }
}
