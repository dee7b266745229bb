namespace KapsoArchive.Core.Storage;

/// <summary>The three areas of a store. They are separate because different rules apply to them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreArea>))]
public enum StoreArea
{
    /// <summary>Append-only: nothing is overwritten or deleted, so an immutability policy may cover it.</summary>
    Data,

    /// <summary>Changes: run records, the pointer to the latest snapshot, index and journal.</summary>
    State,

    /// <summary>Expires: self-contained exports, which a lifecycle rule may delete.</summary>
    Exports,
}
