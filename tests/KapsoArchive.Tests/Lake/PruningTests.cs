using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>
/// The gate that must never fall: a filter finds the same rows whether the reader skips row groups by their statistics or reads them all.
/// Parquet.Net's own
/// statistics fail it.
/// </summary>
public sealed class PruningTests : IAsyncLifetime
{
    private const int GroupSize = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();
    private IReadOnlyList<MessageRow[]> _groups = [];

    private string Part => _folder.File("part.parquet");

    public async ValueTask InitializeAsync()
    {
        _groups = [.. HostileMessages.Create(1_500).Chunk(GroupSize).Select(g => Rows.Sorted(g).ToArray())];
        await Rows.WritePartAsync(Part, PartFormat.Parquet, _groups, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _duck.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("conversation_id")]
    [InlineData("id")]
    [InlineData("content")]
    [InlineData("status")]
    [InlineData("phone_number")]
    [InlineData("direction")]
    [InlineData("extra")]
    public void A_filter_on_text_finds_what_a_scan_finds(string name)
    {
        var column = (TextColumn<MessageRow>)Datasets.Messages.Columns.Single(c => c.Name == name);
        List<string?> values = [.. _groups.SelectMany(g => g).Select(r => column.Value(r).ToString())];
        foreach (string value in values.OfType<string>().Distinct().Take(200))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            int Compare(string? v) => Encoding.UTF8.GetBytes(v!).AsSpan().SequenceCompareTo(bytes);
            Check($"{name} = $1", value, values.Count(v => v == value));
            Check($"{name} < $1", value, values.Count(v => v is not null && Compare(v) < 0));
            Check($"{name} >= $1", value, values.Count(v => v is not null && Compare(v) >= 0));
            Check($"{name} > $1", value, values.Count(v => v is not null && Compare(v) > 0));
        }

        Check($"{name} IS NULL AND $1 = $1", "", values.Count(v => v is null));
        Check($"{name} IS NOT NULL AND $1 = $1", "", values.Count(v => v is not null));
    }

    [Theory]
    [InlineData("created_at")]
    [InlineData("updated_at")]
    public void A_filter_on_time_finds_what_a_scan_finds(string name)
    {
        var column = (TimestampColumn<MessageRow>)Datasets.Messages.Columns.Single(c => c.Name == name);
        List<long?> values = [.. _groups.SelectMany(g => g).Select(column.Micros)];
        foreach (long value in values.OfType<long>().Distinct().Take(100))
        {
            DateTime time = Timestamp.FromMicros(value).UtcDateTime;
            Check($"{name} = $1::TIMESTAMPTZ", time, values.Count(v => v == value));
            Check($"{name} < $1::TIMESTAMPTZ", time, values.Count(v => v < value));
            Check($"{name} >= $1::TIMESTAMPTZ", time, values.Count(v => v >= value));
        }

        Check($"{name}::DATE = $1", "2026-03-02", values.Count(v => v is not null && Timestamp.FromMicros(v.Value).UtcDateTime.Date == new DateTime(2026, 3, 2)));
        Check($"{name} >= '2026-03-02' AND {name} < '2026-03-03' AND $1 = $1", "", values.Count(v => v is not null && Timestamp.FromMicros(v.Value).UtcDateTime.Date == new DateTime(2026, 3, 2)));
    }

    [Fact]
    public void A_filter_on_position_finds_what_a_scan_finds()
    {
        List<long?> values = [.. _groups.SelectMany(g => g).Select(r => r.Position)];
        foreach (long value in values.OfType<long>().Distinct().Take(100).Append(301))
        {
            Check("position = $1", value, values.Count(v => v == value));
            Check("position < $1", value, values.Count(v => v < value));
            Check("position >= $1", value, values.Count(v => v >= value));
        }

        Check("position IS NULL AND $1 = $1", "", values.Count(v => v is null));
        Check("position IS NOT NULL AND $1 = $1", "", values.Count(v => v is not null));
    }

    /// <summary>Statistics that are missing would pass the gate above and prune nothing, so this looks at them, through Arrow.</summary>
    [Fact]
    public void Every_chunk_has_correct_bounds_and_null_counts()
    {
        using var reader = new ParquetSharp.ParquetFileReader(Part);
        reader.FileMetaData.NumRowGroups.ShouldBe(_groups.Count);
        for (int group = 0; group < _groups.Count; group++)
        {
            using ParquetSharp.RowGroupReader rowGroup = reader.RowGroup(group);
            for (int i = 0; i < Datasets.Messages.Columns.Count; i++)
            {
                Column<MessageRow> column = Datasets.Messages.Columns[i];
                object?[] values = [.. _groups[group].Select(r => Rows.Value(column, r)).Where(v => v is not null)];
                ParquetSharp.Statistics statistics = rowGroup.MetaData.GetColumnChunkMetaData(i).Statistics.ShouldNotBeNull(column.Name);
                statistics.NullCount.ShouldBe(GroupSize - values.Length, column.Name);
                if (values.Length == 0)
                    continue;
                if (statistics is ParquetSharp.Statistics<long> times)
                {
                    times.Min.ShouldBe(values.Cast<long>().Min(), column.Name);
                    times.Max.ShouldBe(values.Cast<long>().Max(), column.Name);
                    continue;
                }

                List<byte[]> texts = [.. values.Cast<string>().Select(Encoding.UTF8.GetBytes)];
                texts.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
                (byte[]? min, byte[]? max) = Bounds(group, column.Name);
                min.ShouldNotBeNull(column.Name).ShouldBe(texts[0].Length <= 64 ? texts[0] : texts[0][..min.Length], column.Name);
                max.ShouldNotBeNull(column.Name).AsSpan().SequenceCompareTo(texts[^1]).ShouldBeGreaterThanOrEqualTo(0, column.Name);
                if (texts[^1].Length <= 64)
                    max.ShouldBe(texts[^1], column.Name);
            }
        }
    }

    [Fact]
    public async Task Sorted_rows_let_a_reader_skip_row_groups_of_other_conversations()
    {
        _groups = [.. Rows.Sorted(_groups.SelectMany(g => g)).Chunk(GroupSize)];
        await Rows.WritePartAsync(Part, PartFormat.Parquet, _groups, TestContext.Current.CancellationToken);

        foreach (string conversation in _groups.SelectMany(g => g).Select(r => r.ConversationId.ToString()!).Distinct())
        {
            byte[] id = Encoding.UTF8.GetBytes(conversation);
            int notSkipped = Enumerable.Range(0, _groups.Count).Count(group => Bounds(group, "conversation_id") is var (min, max)
                && min.AsSpan().SequenceCompareTo(id) <= 0 && max.AsSpan().SequenceCompareTo(id) >= 0);

            notSkipped.ShouldBe(_groups.Count(g => g.Any(r => r.ConversationId.ToString() == conversation)));
        }
    }

    private void Check(string filter, object value, int expected)
    {
        _duck.Execute("SET disabled_optimizers = ''");
        long pruned = _duck.Count($"SELECT count(*) FROM read_parquet('{Part}') WHERE {filter}", value);
        _duck.Execute("SET disabled_optimizers = 'filter_pushdown,statistics_propagation'");
        long scanned = _duck.Count($"SELECT count(*) FROM read_parquet('{Part}') WHERE {filter}", value);

        scanned.ShouldBe(expected, $"{filter} for {value}, read in full");
        pruned.ShouldBe(expected, $"{filter} for {value}, pruned by statistics");
    }

    private (byte[]? Min, byte[]? Max) Bounds(int group, string column)
    {
        object?[] row = _duck.Rows($"SELECT stats_min_value, stats_max_value FROM parquet_metadata('{Part}') WHERE row_group_id = {group} AND path_in_schema = '{column}'").Single();
        return (row[0] is string min ? Encoding.UTF8.GetBytes(min) : null, row[1] is string max ? Encoding.UTF8.GetBytes(max) : null);
    }
}
