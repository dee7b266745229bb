namespace KapsoArchive.Core.Lake;

/// <summary>One column of a dataset: its name, whether it is required, its description, and how to get the value from a row. Writers,
/// readers, views and the data dictionary follow from it.</summary>
public abstract record Column<TRow>(string Name, bool Required, string Description)
{
    /// <summary>Where the value comes from.</summary>
    public ColumnOrigin Origin { get; init; }

    /// <summary>The <see cref="Datasets.SchemaVersion"/> that introduced the column. Files of earlier versions lack it.</summary>
    public int Since { get; init; } = 1;
}

/// <summary>A STRING column.</summary>
/// <param name="Dictionary">Whether few distinct values are expected, so that a dictionary saves space.</param>
public sealed record TextColumn<TRow>(string Name, bool Required, bool Dictionary, Func<TRow, Utf8Text> Value, string Description)
    : Column<TRow>(Name, Required, Description);

/// <summary>A TIMESTAMP(MICROS, UTC) column.</summary>
public sealed record TimestampColumn<TRow>(string Name, bool Required, Func<TRow, long?> Micros, string Description)
    : Column<TRow>(Name, Required, Description);

/// <summary>A signed 64-bit integer column.</summary>
public sealed record CountColumn<TRow>(string Name, bool Required, Func<TRow, long?> Value, string Description)
    : Column<TRow>(Name, Required, Description);
