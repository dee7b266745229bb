using KapsoArchive.Core.Lake;
using ParquetSharp;
using ParquetSharp.Schema;
using MessageColumn = KapsoArchive.Core.Lake.Column<KapsoArchive.Core.Lake.MessageRow>;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>How Arrow C++ is set up wherever it writes: zstd at the level of the product, no copies on the way in.</summary>
internal static class ArrowFile
{
    private const int ZstdLevel = 3;

    public static ParquetFileWriter Create(string path, IReadOnlyList<Node> columns, IEnumerable<string> dictionaries)
    {
        using WriterPropertiesBuilder properties = new();
        properties.Compression(Compression.Zstd).CompressionLevel(ZstdLevel).DisableDictionary();
        foreach (string column in dictionaries)
            properties.EnableDictionary(column);
        return new ParquetFileWriter(path, new GroupNode("schema", Repetition.Required, columns), properties.Build());
    }

    public static Node Text(string name, bool required) => new PrimitiveNode(name, Of(required), LogicalType.String(), PhysicalType.ByteArray);

    public static Node Time(string name, bool required) => new PrimitiveNode(name, Of(required), LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64);

    public static Node Count(string name, bool required) => new PrimitiveNode(name, Of(required), LogicalType.None(), PhysicalType.Int64);

    public static Node Of(MessageColumn column) => column switch
    {
        TextColumn<MessageRow> => Text(column.Name, column.Required),
        CountColumn<MessageRow> => Count(column.Name, column.Required),
        _ => Time(column.Name, column.Required),
    };

    private static Repetition Of(bool required) => required ? Repetition.Required : Repetition.Optional;
}
