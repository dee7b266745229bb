using System.Reflection;
using Parquet;
using Parquet.Meta;

namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>
/// Corrects the footer of a file before Parquet.Net 6.1.0 writes it. <para> That version orders the minimum and maximum of a STRING by
/// UTF-16 and encodes those of a TIMESTAMP in milliseconds. Readers then silently skip row groups with matching rows
/// (aloneguid/parquet-dotnet #769 and #758; no option turns statistics off). It also omits the column orders, without which strict readers
/// must ignore min_value and max_value. So the file is declared to the library in physical types, and this class adds the logical types,
/// the column orders, the sort order and correct statistics to the footer. </para> The package is pinned to exactly 6.1.0, because this
/// class accesses two private fields.
/// </summary>
internal static class FooterRepair
{
    private const BindingFlags PrivateField = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo? FooterField = typeof(ParquetWriter).GetField("_footer", PrivateField);

    public static void Apply<TRow>(ParquetWriter writer, Dataset<TRow> dataset, IReadOnlyList<ChunkStatistics[]> statistics)
    {
        FileMetaData file = MetadataOf(writer);

        for (int i = 0; i < dataset.Columns.Count; i++)
            Describe(file.Schema[i + 1], dataset.Columns[i]);

        file.ColumnOrders = [.. dataset.Columns.Select(_ => new ColumnOrder { TYPEORDER = new TypeDefinedOrder() })];
        for (int group = 0; group < file.RowGroups.Count; group++)
        {
            RowGroup rowGroup = file.RowGroups[group];
            rowGroup.SortingColumns = [.. dataset.SortedBy.Select(column => new SortingColumn { ColumnIdx = column, NullsFirst = true })];
            for (int column = 0; column < rowGroup.Columns.Count; column++)
                rowGroup.Columns[column].MetaData!.Statistics = ToThrift(statistics[group][column]);
        }
    }

    private static void Describe<TRow>(SchemaElement element, Column<TRow> column)
    {
        switch (column)
        {
            case TextColumn<TRow>:
                element.LogicalType = new LogicalType { STRING = new StringType() };
                element.ConvertedType = ConvertedType.UTF8;
                break;
            case TimestampColumn<TRow>:
                element.LogicalType = new LogicalType
                {
                    TIMESTAMP = new TimestampType { IsAdjustedToUTC = true, Unit = new TimeUnit { MICROS = new MicroSeconds() } },
                };
                element.ConvertedType = ConvertedType.TIMESTAMP_MICROS;
                break;
        }
    }

    private static Statistics ToThrift(ChunkStatistics statistics) => new()
    {
        NullCount = statistics.NullCount,
        MinValue = statistics.Lower,
        MaxValue = statistics.Upper,
        IsMinValueExact = statistics.Lower is null ? null : statistics.LowerExact,
        IsMaxValueExact = statistics.Upper is null ? null : statistics.UpperExact,
    };

    /// <summary>The metadata that the writer will put at the end of its file. Uses reflection once per file: UnsafeAccessor cannot return a
    /// field of an internal type.</summary>
    private static FileMetaData MetadataOf(ParquetWriter writer)
    {
        object? footer = FooterField?.GetValue(writer);
        return footer?.GetType().GetField("_fileMeta", PrivateField)?.GetValue(footer) as FileMetaData
            ?? throw new InvalidOperationException(
                "Parquet.Net is not the version that this was written for (6.1.0): its footer cannot be reached, and unrepaired "
                + "statistics would lose rows.");
    }
}
