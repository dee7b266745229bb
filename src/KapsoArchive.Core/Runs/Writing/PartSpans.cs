using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Runs.Writing;

/// <summary>Traces each file of a run: how long it was open and what it contains. A file that was never finished is not traced.</summary>
internal sealed class PartSpans
{
    private readonly Dictionary<StagingStream, DateTimeOffset> _opened = [];

    public void Opened(StagingStream file)
    {
        if (ArchiveTelemetry.Source.HasListeners())
            _opened[file] = TimeProvider.System.GetUtcNow(); // Spans end by this clock.
    }

    public void Closed(StagingStream file, ManifestFile entry)
    {
        Instruments.Bytes.Add(entry.Bytes, new(AttributeNames.PartDataset, entry.Dataset), new(AttributeNames.PartFormat, entry.Format));
        if (!_opened.Remove(file, out DateTimeOffset opened))
            return;
        using Activity? span = ArchiveTelemetry.Source.StartActivity(
            SpanNames.Part,
            ActivityKind.Internal,
            parentContext: default, // The run is the parent: parts are written beside the conversations.
            [
                new(AttributeNames.PartPath, entry.Path),
                new(AttributeNames.PartDataset, entry.Dataset),
                new(AttributeNames.PartFormat, entry.Format),
                new(AttributeNames.PartRows, entry.Rows),
                new(AttributeNames.PartBytes, entry.Bytes),
            ],
            startTime: opened);
    }
}
