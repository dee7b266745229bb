using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Row groups as a run makes them, without a source to read: the same for every writer.</summary>
internal static class RowSource
{
    public static RunStamp Run { get; } = new("20261122T020000Z-00000000", new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

    public static IEnumerable<IReadOnlyList<MessageRow>> Groups(ChildSettings settings)
    {
        var data = new SandboxData(SandboxChild.World(settings));
        var limits = new RunLimits();
        var buffer = new RowBuffer(keepsRecords: false);
        for (int conversation = 0; conversation < data.Conversations.Count; conversation++)
        {
            var flattener = new RecordFlattener(Utf8Text.From(data.Conversations[conversation].Id), Run);
            for (long message = 0; message < data.Conversations[conversation].MessageCount; message++)
            {
                buffer.Add(flattener.Flatten(data.Record(conversation, message), out _)!);
                if (buffer.Bytes < limits.RowGroupBytes && buffer.Count < limits.RowGroupRows)
                    continue;
                yield return buffer.Sorted();
                buffer.Clear();
            }
        }

        if (buffer.Count > 0)
            yield return buffer.Sorted();
    }
}
