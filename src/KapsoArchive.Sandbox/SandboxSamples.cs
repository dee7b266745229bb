namespace KapsoArchive.Sandbox;

/// <summary>The sample records: one of each message type in public documentation, and unusual ones (absent and null fields, unknown types
/// and fields, a lone surrogate, times with offsets and microseconds). All names, numbers, ids and links in them are invented.</summary>
public static class SandboxSamples
{
    /// <summary>The records as UTF-8 JSON without a line break, byte for byte and in the order of the file.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Records { get; } = Read();

    private static List<ReadOnlyMemory<byte>> Read()
    {
        using var resource = typeof(SandboxSamples).Assembly.GetManifestResourceStream("messages.jsonl")!;
        byte[] file = new byte[resource.Length];
        resource.ReadExactly(file);
        var records = new List<ReadOnlyMemory<byte>>();
        foreach (var line in file.AsSpan().Split((byte)'\n'))
        {
            var record = file.AsMemory(line);
            if (!record.IsEmpty) records.Add(record);
        }
        return records;
    }
}
