using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Delta;

/// <summary>A classic checkpoint: what all commits up to a version say, in one Parquet file, so that readers need not read them.</summary>
internal static class DeltaCheckpoint
{
    /// <summary>Commits from one checkpoint to the next.</summary>
    public const int Interval = 100;

    /// <summary>What the commits say together, the newest word about each thing.</summary>
    /// <param name="actions">Those of all commits from version 0 on, in order.</param>
    public static IReadOnlyList<DeltaCheckpointRow> Of(IEnumerable<DeltaAction> actions)
    {
        DeltaProtocol? protocol = null;
        DeltaMetaData? metaData = null;
        DeltaTransaction? txn = null;
        List<DeltaCheckpointRow> adds = [];
        foreach (DeltaAction action in actions)
        {
            protocol = action.Protocol ?? protocol;
            metaData = action.MetaData ?? metaData;
            txn = action.Txn ?? txn;
            if (action.Add is { } add)
                adds.Add(new() { Add = add with { DataChange = false } });
        }

        return [new() { Protocol = protocol }, new() { MetaData = metaData }, new() { Txn = txn }, .. adds];
    }

    public static async Task<byte[]> ToBytesAsync(IReadOnlyList<DeltaCheckpointRow> rows, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        await NestedFile.WriteAsync(rows, file, cancellationToken);
        return file.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not a checkpoint.</exception>
    public static async Task<IReadOnlyList<DeltaCheckpointRow>> FromBytesAsync(
        ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await NestedFile.ReadAsync<DeltaCheckpointRow>(new MemoryStream(bytes.ToArray(), writable: false), cancellationToken);
}

/// <summary>One row of a checkpoint: exactly one member has a value.</summary>
internal sealed class DeltaCheckpointRow
{
    [JsonPropertyName("txn")] public DeltaTransaction? Txn { get; set; }

    [JsonPropertyName("add")] public DeltaAdd? Add { get; set; }

    /// <summary>Always null. Readers expect the column.</summary>
    [JsonPropertyName("remove")] public DeltaRemove? Remove { get; set; }

    [JsonPropertyName("metaData")] public DeltaMetaData? MetaData { get; set; }

    [JsonPropertyName("protocol")] public DeltaProtocol? Protocol { get; set; }
}

internal sealed class DeltaRemove
{
    [JsonPropertyName("path")] public string Path { get; set; } = "";

    [JsonPropertyName("deletionTimestamp")] public long? DeletionTimestamp { get; set; }

    [JsonPropertyName("dataChange")] public bool DataChange { get; set; }
}
