using System.Text.Json.Serialization;

namespace KapsoArchive.Core.Storage;

/// <summary>The three parts of a store, apart because they live under different rules.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreArea>))]
public enum StoreArea
{
    /// <summary>Only grows: nothing is overwritten or deleted, so an immutability policy may cover it.</summary>
    Data,

    /// <summary>Moves: run records, the pointer to the latest snapshot, index and journal.</summary>
    State,

    /// <summary>Expires: self-contained exports, which a lifecycle rule may delete.</summary>
    Exports,
}
