using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>What is written is valid for the strictest reader, and what was sent can be had back byte for byte.</summary>
public sealed class RecordRepairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => Samples.Seeds;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"id":"1","content":"\ud83d"}""", """{"id":"1","content":"\ufffd"}""")]
    [InlineData("""{"id":"1","content":"\uDE00\ud83d\ude00\ud83d\u0041"}""", """{"id":"1","content":"\ufffd\ud83d\ude00\ufffd\u0041"}""")]
    [InlineData("""{"id":"1","content":"\\ud83d \\\ud83d"}""", """{"id":"1","content":"\\ud83d \\\ufffd"}""")]
    [InlineData("""{"id":"1","metadata":{"\udc00n":1}}""", """{"id":"1","metadata":{"\ufffdn":1}}""")]
    [InlineData("""{"id":"1","m":{"\udc00":1,"\ud83d":2}}""", """{"id":"1","m":{"\ufffd":2}}""")]
    [InlineData("""{"id":"1","status":"a" , "status":"b"}""", """{"id":"1","status":"b"}""")]
    [InlineData("""{"id":"1","m":[{"a":{"x":1,"x":2},"b":0,"\u0061":{"y":1,"y":2,"y":3}}]}""", """{"id":"1","m":[{"b":0,"\u0061":{"y":3}}]}""")]
    [InlineData("""{"id":"1","_archive":{"run_id":"theirs"}}""", """{"id":"1","_archive_":{"run_id":"theirs"}}""")]
    [InlineData("""{"id":"1","_archive_":1,"\u005farchive":2}""", """{"id":"1","_archive_":1,"\u005farchive__":2}""")]
    [InlineData("""{"id":"1","_ARCHIVE":1,"_archive":2,"_record_base64":3}""", """{"id":"1","_ARCHIVE_":1,"_archive__":2,"_record_base64_":3}""")]
    public void Each_fault_is_repaired_in_place(string record, string repaired)
    {
        Encoding.UTF8.GetString(RecordRepair.Repair(Encoding.UTF8.GetBytes(record))!).ShouldBe(repaired);
        Rows.Flatten(record).NeedsRepair.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"id":"1","content":"\ud83d\ude00 \\ud83d","m":{"_archive":1,"a":{"a":{"a":[{"a":1},{"a":1}]}}},"_archive_":1,"archive":2}""")]
    [InlineData("""{"id":"1","metadata":{"n":1e400,"big":123456789012345678901234567890,"neg":-0}}""")]
    [InlineData("""{"id":"1","ID":"2","Content":"x","content":"y","abcdefghijklmnopqrstuvwxyz1":1,"abcdefghijklmnopqrstuvwxyz2":1}""")]
    public void JSON_that_strict_readers_accept_stays_unchanged(string record)
    {
        RecordRepair.Repair(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        Rows.Flatten(record).NeedsRepair.ShouldBeFalse();
    }

    [Fact]
    public void An_object_with_very_many_names_is_checked_quickly()
    {
        string many = string.Join(",", Enumerable.Range(0, 200_000).Select(i => $"\"n{i}\":0"));

        Rows.Flatten($$$"""{"id":"1","metadata":{{{{many}}}}}""").NeedsRepair.ShouldBeFalse();
        Rows.Flatten($$$"""{"id":"1","metadata":{{{{many}}},"n7":1}}""").NeedsRepair.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_engine_reads_every_row_and_the_original_is_restored(int seed)
    {
        List<MessageRow> rows = Draw(seed);
        IReadOnlyList<byte[]> lines = await WriteAsync(rows);

        lines.Count.ShouldBe(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            JsonElement archive = StrictJson.Parse(lines[i]).GetProperty("_archive");
            archive.GetProperty("run_id").GetString().ShouldBe(Rows.Run.RunId);
            archive.TryGetProperty("record_base64", out JsonElement base64).ShouldBe(rows[i].NeedsRepair, $"seed {seed}, row {i}");
            if (rows[i].NeedsRepair)
                base64.GetBytesFromBase64().ShouldBe(rows[i].Record.Span.ToArray(), $"seed {seed}, row {i}");
        }

        await ShouldComeBackAsync(PartFormat.Parquet, "part.parquet", rows, seed);
        await ShouldComeBackAsync(PartFormat.Jsonl, "part.jsonl.gz", rows, seed);
        ShouldBeQueryable(rows.Count);
        object?[][] arrow = [.. await ArrowReader.ReadAsync(_folder.File("part.parquet"), Cancellation)];
        IReadOnlyList<JsonElement> hyparquet = await HyparquetReader.ReadAsync(_folder.File("part.parquet"), Cancellation);
        foreach (string column in (string[])["metadata", "message_type_data", "extra"])
        {
            int at = Datasets.Messages.Columns.Select(c => c.Name).ToList().IndexOf(column);
            string?[] values = [.. arrow.Select(r => (string?)r[at])];
            foreach (string value in values.OfType<string>())
                StrictJson.Parse(Encoding.UTF8.GetBytes(value));
            hyparquet.Select(r => r.TryGetProperty(column, out JsonElement value) ? value.GetString() : null).ShouldBe(values, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Every_engine_reads_the_odd_samples()
    {
        MessageRow[] rows = [.. OddValues.Records.Select(r => Rows.Flatten(r))];
        rows.Count(r => r.NeedsRepair).ShouldBe(5);
        await WriteAsync(rows);

        ShouldBeQueryable(rows.Length);
        await ShouldComeBackAsync(PartFormat.Parquet, "part.parquet", rows, seed: 0);
        await ShouldComeBackAsync(PartFormat.Jsonl, "part.jsonl.gz", rows, seed: 0);
        using var duck = new DuckDb();
        duck.Rows($"SELECT direction, extra->>'_archive_' IS NULL FROM read_parquet('{_folder.File("part.parquet")}') WHERE id LIKE '%a044'").ShouldHaveSingleItem().ShouldBe(["inbound", true]);
        duck.Rows($"SELECT DISTINCT _archive.run_id FROM read_json_auto('{_folder.File("part.jsonl.gz")}')").ShouldHaveSingleItem().ShouldBe([Rows.Run.RunId]);
    }

    [Fact]
    public async Task A_records_own_member_is_not_mistaken_for_an_original()
    {
        string fake = Convert.ToBase64String("""{"id":"1","content":"\ud83d"}"""u8);
        MessageRow row = Rows.Flatten($$"""{"id":"1","content":"real","_record_base64":"{{fake}}"}""");

        MessageRow read = (await PartReader.ReadAsync(PartFormat.Parquet, new MemoryStream(await Rows.PartAsync(PartFormat.Parquet, [[row]], Cancellation)), Cancellation).ToListAsync(Cancellation))[0][0];

        read.Extra.ShouldBe(row.Extra);
        read.Record.ShouldBe(row.Record);
        Fingerprint.Of(read).ShouldBe(Fingerprint.Of(row));
    }

    private static List<MessageRow> Draw(int seed)
    {
        var random = new Random(seed);
        var json = new HostileJson(random);
        var flattener = new RecordFlattener(Utf8Text.From("c"), Rows.Run);
        List<MessageRow> rows = [];
        while (rows.Count < Samples.Count(200, 5_000))
        {
            if (flattener.Flatten(Encoding.UTF8.GetBytes(json.Record($"{rows.Count:x4}")), out _) is { } row)
                rows.Add(row);
        }

        return rows;
    }

    private async Task<IReadOnlyList<byte[]>> WriteAsync(IReadOnlyList<MessageRow> rows)
    {
        await Rows.WritePartAsync(_folder.File("part.parquet"), PartFormat.Parquet, [rows], Cancellation);
        await Rows.WritePartAsync(_folder.File("part.jsonl.gz"), PartFormat.Jsonl, [rows], Cancellation);
        return await JsonlTests.ReadAsync(_folder.File("part.jsonl.gz"));
    }

    private void ShouldBeQueryable(int count)
    {
        using var duck = new DuckDb();
        duck.Count($"SELECT count(*) FROM read_json('{_folder.File("part.jsonl.gz")}', columns = {{'id': 'JSON', 'extra': 'JSON', '_archive': 'STRUCT(run_id VARCHAR)'}}) WHERE _archive.run_id = '{Rows.Run.RunId}'")
            .ShouldBe(count);
        foreach (string column in (string[])["metadata", "message_type_data", "extra"])
            duck.Rows($"SELECT json_extract({column}, '$.a'), json_extract_string({column}, '$.a') FROM read_parquet('{_folder.File("part.parquet")}')").Count.ShouldBe(count);
    }

    private async Task ShouldComeBackAsync(PartFormat format, string part, IReadOnlyList<MessageRow> rows, int seed)
    {
        await using FileStream file = File.OpenRead(_folder.File(part));
        List<MessageRow> read = [.. (await PartReader.ReadAsync(format, file, Cancellation).ToListAsync(Cancellation)).SelectMany(b => b)];
        read.Count.ShouldBe(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Fingerprint.Of(read[i]).ShouldBe(Fingerprint.Of(rows[i]), $"seed {seed}, row {i}");
            if (rows[i].NeedsRepair)
                read[i].Record.ShouldBe(rows[i].Record, $"seed {seed}, row {i}");
        }
    }
}
