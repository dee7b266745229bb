using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes messages as CSV.</summary>
internal sealed class CsvPartWriter(Stream output) : PartWriter
{
    private readonly CsvTable<MessageRow> _table = new(Datasets.Messages, output);

    public override Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken) =>
        _table.WriteAsync(StrictRows.Of(rows), cancellationToken);

    public override Task CompleteAsync(CancellationToken cancellationToken) => _table.CompleteAsync(cancellationToken);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
