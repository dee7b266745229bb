using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>A part of messages with every kind of record, written by the archive as Parquet and as JSON lines, in several row groups; and
/// what a reader should see of each.</summary>
public sealed class MatrixLake : IAsyncLifetime
{
    private const int RowsInGroup = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Sighting> _truths = [];

    public string Parquet => _folder.File("part-00000.parquet");

    public string Jsonl => _folder.File("part-00000.jsonl.gz");

    /// <summary>What a reader of Parquet should see of a record.</summary>
    internal Sighting Truth(RecordKind kind) => _truths[kind.Id];

    public async ValueTask InitializeAsync()
    {
        IReadOnlyList<MessageRow> rows = Rows.Sorted(RecordKinds.All.Select(Row));
        List<MessageRow[]> groups = [.. rows.Chunk(RowsInGroup)];
        await Rows.WritePartAsync(Parquet, PartFormat.Parquet, groups, TestContext.Current.CancellationToken);
        await Rows.WritePartAsync(Jsonl, PartFormat.Jsonl, groups, TestContext.Current.CancellationToken);
        foreach (MessageRow row in StrictRows.Of(rows))
            _truths.Add(row.Id.ToString()!, Sighting.Of(row));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MessageRow Row(RecordKind kind, int place)
    {
        string conversation = $"conversation {place % 5}";
        if (kind.Record is null)
            return MessageRow.Removed(Utf8Text.From(conversation), Utf8Text.From(kind.Id), Rows.Run);
        MessageRow row = Rows.Flatten(kind.Record, conversation);
        row.Id.ToString().ShouldBe(kind.Id);
        row.Position = place % 7 == 0 ? null : place - 50;
        return row;
    }
}
