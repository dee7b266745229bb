using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Delta;

/// <summary>A dataset as a Delta table: its folder, its schema, and the columns whose bounds the log tells.</summary>
internal sealed class DeltaTable
{
    /// <summary>The log outlives the parts, also after an erasure, so it may tell nothing about a person. An id of Meta, for instance,
    /// contains a phone number.</summary>
    private static readonly string[] Bounded = ["conversation_id", "created_at", "updated_at", "archived_at", "run_id"];

    private readonly Func<int, string> _schema;
    private readonly Func<Stream, CancellationToken, Task<DeltaBounds>> _bounds;

    private DeltaTable(string name, Func<int, string> schema, Func<Stream, CancellationToken, Task<DeltaBounds>> bounds) =>
        (Name, _schema, _bounds) = (name, schema, bounds);

    public static IReadOnlyList<DeltaTable> All { get; } = [Of(Datasets.Messages), Of(Datasets.Conversations), Of(Datasets.Media)];

    /// <summary>The name of the dataset, and of its folder.</summary>
    public string Name { get; }

    /// <summary>The folder of the log.</summary>
    public string Log => $"{Name}/_delta_log/";

    /// <summary>The table's columns in a schema version, as JSON.</summary>
    public string SchemaOf(int version) => _schema(version);

    /// <summary>The bounds in a part's footer.</summary>
    /// <exception cref="InvalidDataException">The file is not a readable part.</exception>
    public Task<DeltaBounds> BoundsOfAsync(Stream part, CancellationToken cancellationToken) => _bounds(part, cancellationToken);

    private static DeltaTable Of<TRow>(Dataset<TRow> dataset) => new(
        dataset.Name,
        version => SchemaOf(dataset, version),
        async (part, cancellationToken) =>
        {
            ParquetFileReader<TRow> file = await ParquetFileReader<TRow>.OpenAsync(dataset, part, cancellationToken);
            var bounds = new DeltaBounds();
            foreach (Column<TRow> column in dataset.Columns.Where(c => Bounded.Contains(c.Name) && file.Has(c.Name)))
            {
                if (file.BoundsOf(column.Name) is not { } found)
                    continue;
                if (column is TextColumn<TRow>)
                    bounds.Add(column.Name, found.Least, found.Most);
                else
                    bounds.Add(column.Name, BitConverter.ToInt64(found.Least), BitConverter.ToInt64(found.Most));
            }

            return bounds;
        });

    /// <summary>Columns that older parts lack are nullable, whatever the newer parts say.</summary>
    private static string SchemaOf<TRow>(Dataset<TRow> dataset, int version) => new JsonObject
    {
        ["type"] = "struct",
        ["fields"] = new JsonArray([.. dataset.Columns.Where(c => c.Since <= version).Select(c => new JsonObject
        {
            ["name"] = c.Name,
            ["type"] = c switch { TimestampColumn<TRow> => "timestamp", CountColumn<TRow> => "long", _ => "string" },
            ["nullable"] = !c.Required || c.Since > 1,
            ["metadata"] = new JsonObject(),
        })]),
    }.ToJsonString();
}
