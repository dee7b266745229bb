using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>A lake of hand-made runs, written by the real writers to a real store.</summary>
internal sealed class SmallLake(string folder)
{
    private readonly FolderStore _store = new(folder);

    /// <summary>Writes a run's parts, and its manifest where it is committed. A message is told as its id, what happened to it, and its
    /// text.</summary>
    public Task AddAsync(int day, bool isCommitted, ConversationOutcome outcome, (string Id, Change Change, string Content)[] messages, CancellationToken cancellationToken)
    {
        RunStamp run = Run(day);
        return AddAsync(run, isCommitted, outcome, [.. messages.Select(message => Row(run, message))], Datasets.SchemaVersion, cancellationToken);
    }

    /// <summary>Writes a committed run of whole rows.</summary>
    public Task AddAsync(int day, IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken)
    {
        RunStamp run = Run(day);
        foreach (MessageRow row in rows)
            row.Run = run;
        return AddAsync(run, isCommitted: true, ConversationOutcome.Complete, rows, Datasets.SchemaVersion, cancellationToken);
    }

    /// <summary>The run of a day in November.</summary>
    public static RunStamp Run(int day) => new($"202611{day:D2}T020000Z-0000abcd", new DateTimeOffset(2026, 11, day, 2, 0, 0, TimeSpan.Zero));

    /// <summary>As above, from rows in their order; of schema version 2 or of today's.</summary>
    public async Task AddAsync(
        RunStamp run, bool isCommitted, ConversationOutcome outcome, IReadOnlyList<MessageRow> rows, int schemaVersion, CancellationToken cancellationToken)
    {
        List<ManifestFile> files = [];
        foreach (PartFormat format in Enum.GetValues<PartFormat>().Where(format => format is not (PartFormat.Html or PartFormat.Xlsx))) // These are made from parts.
        {
            (string dataset, string name) = Layout.Names(format);
            files.Add(await StageAsync(Layout.Messages(run, format, 0), dataset, name, rows.Count, async stream =>
            {
                if (schemaVersion == OlderParts.SchemaVersion && format != PartFormat.Csv)
                {
                    await stream.WriteAsync(await OlderParts.WriteAsync(format, [rows], cancellationToken), cancellationToken);
                    return;
                }

                await using PartWriter writer = await PartWriter.CreateAsync(format, stream, run, cancellationToken);
                await writer.WriteAsync(rows, cancellationToken);
                await writer.CompleteAsync(cancellationToken);
            }, cancellationToken));
        }
        ConversationRow conversation = new() { ConversationId = "c", Run = run, Outcome = outcome, DistinctCount = rows.Count };
        files.Add(await StageAsync(Layout.Conversations(run), "conversations", "parquet", 1, stream =>
            Unsorted.WriteAsync(stream, run, [conversation], cancellationToken), cancellationToken));
        if (isCommitted)
            await _store.CreateAsync(new StorePath(StoreArea.Data, Layout.Manifest(run.RunId)), (Manifest(run, files) with { SchemaVersion = schemaVersion }).ToJson(), cancellationToken);
    }

    private async Task<ManifestFile> StageAsync(string path, string dataset, string format, long rows, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using StagingStream stream = await _store.StageAsync(new StorePath(StoreArea.Data, path), "run", cancellationToken);
        await write(stream);
        StagedFile staged = await stream.CompleteAsync(cancellationToken);
        await _store.RevealAsync(staged, cancellationToken);
        return new ManifestFile(path, dataset, format, rows, staged.Length, staged.Sha256, MinCreatedAt: null, MaxCreatedAt: null);
    }

    private static MessageRow Row(RunStamp run, (string Id, Change Change, string Content) message) => new()
    {
        Record = Utf8Text.From($$"""{"id": "{{message.Id}}", "content": "{{message.Content}}"}"""),
        ConversationId = Utf8Text.From("c"),
        Run = run,
        Change = message.Change,
        Id = Utf8Text.From(message.Id),
        Content = Utf8Text.From(message.Content),
    };

    private static Manifest Manifest(RunStamp run, List<ManifestFile> files) => new()
    {
        RunId = run.RunId,
        Kind = "archive",
        Trigger = "cli",
        Status = "Succeeded",
        StartedAt = run.ArchivedAt,
        FinishedAt = run.ArchivedAt,
        Source = new ManifestSource("https://example.invalid/", "messages"),
        Request = new ManifestRequest("all", ["parquet", "jsonl"], Full: false, ActiveSince: null, WholeList: true),
        Totals = new ManifestTotals(new ConversationTotals(1, 0, 0, 0), new RowTotals(0, 0, 0, 0), new SweepTotals(0, 1, 0, 0), 1, 0, 0, 0),
        Files = files,
        Incomplete = [],
    };
}
