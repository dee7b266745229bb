using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace KapsoArchive.Core.Delta;

/// <summary>One line of a commit: exactly one member has a value.</summary>
internal sealed class DeltaAction
{
    private static readonly DeltaJson Lines = new(new JsonSerializerOptions(DeltaJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Members hold JSON in JSON: fewer escapes keep them readable.
    });

    private static readonly DeltaJson Strict = new(new JsonSerializerOptions(DeltaJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });

    public DeltaCommitInfo? CommitInfo { get; init; }

    public DeltaProtocol? Protocol { get; init; }

    public DeltaMetaData? MetaData { get; init; }

    public DeltaTransaction? Txn { get; init; }

    public DeltaAdd? Add { get; init; }

    public JsonNode ToNode() => JsonSerializer.SerializeToNode(this, Lines.DeltaAction)!;

    /// <summary>Writes the lines of a commit.</summary>
    public static byte[] ToBytes(IEnumerable<DeltaAction> actions)
    {
        ArrayBufferWriter<byte> lines = new();
        foreach (DeltaAction action in actions)
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(action, Lines.DeltaAction));
            lines.Write("\n"u8);
        }

        return lines.WrittenSpan.ToArray();
    }

    /// <param name="strictly">Refuses what this program does not write: it may change what a reader sees.</param>
    /// <exception cref="JsonException">A line is not an action.</exception>
    public static IReadOnlyList<DeltaAction> FromBytes(ReadOnlySpan<byte> lines, bool strictly = false)
    {
        JsonTypeInfo<DeltaAction> type = (strictly ? Strict : Lines).DeltaAction;
        if (strictly && (lines.IsEmpty || lines[^1] != '\n'))
            throw new JsonException("The last line does not end.");
        List<DeltaAction> actions = [];
        foreach (Range line in lines.Split((byte)'\n'))
        {
            if (!lines[line].IsEmpty)
                actions.Add(JsonSerializer.Deserialize(lines[line], type)
                    ?? throw new JsonException("A line is the JSON value null."));
        }

        return actions;
    }
}

/// <summary>What wrote a commit. Readers of the table show it as its history.</summary>
internal sealed record DeltaCommitInfo
{
    /// <summary>Milliseconds since 1970.</summary>
    [JsonRequired] public long Timestamp { get; init; }

    [JsonRequired] public string Operation { get; init; } = "WRITE";

    [JsonRequired] public DeltaOperation OperationParameters { get; init; } = new();

    [JsonRequired] public bool IsBlindAppend { get; init; } = true;

    [JsonRequired] public string EngineInfo { get; init; } = DeltaTransaction.Application;

    /// <summary>The run.</summary>
    [JsonRequired] public string UserMetadata { get; init; } = "";
}

internal sealed record DeltaOperation
{
    [JsonRequired] public string Mode { get; init; } = "Append";

    [JsonRequired] public string PartitionBy { get; init; } = "[]";
}

/// <summary>The oldest protocol: every reader can read the table.</summary>
internal sealed record DeltaProtocol
{
    [JsonPropertyName("minReaderVersion"), JsonRequired] public int MinReaderVersion { get; set; } = 1;

    [JsonPropertyName("minWriterVersion"), JsonRequired] public int MinWriterVersion { get; set; } = 2;
}

internal sealed record DeltaMetaData
{
    /// <summary>A UUID; the same for the table's whole life.</summary>
    [JsonPropertyName("id"), JsonRequired] public string Id { get; set; } = "";

    [JsonPropertyName("name"), JsonRequired] public string Name { get; set; } = "";

    [JsonPropertyName("format"), JsonRequired] public DeltaFormat Format { get; set; } = new();

    /// <summary>JSON.</summary>
    [JsonPropertyName("schemaString"), JsonRequired] public string SchemaString { get; set; } = "";

    [JsonPropertyName("partitionColumns"), JsonRequired] public List<string> PartitionColumns { get; set; } = [];

    [JsonPropertyName("configuration"), JsonRequired] public Dictionary<string, string> Configuration { get; set; } = [];

    /// <summary>Milliseconds since 1970.</summary>
    [JsonPropertyName("createdTime"), JsonRequired] public long CreatedTime { get; set; }
}

internal sealed class DeltaFormat
{
    [JsonPropertyName("provider"), JsonRequired] public string Provider { get; set; } = "parquet";

    [JsonPropertyName("options"), JsonRequired] public Dictionary<string, string> Options { get; set; } = [];
}

/// <summary>How far a table has come. A reader of the log finds the run's place without the manifests.</summary>
internal sealed record DeltaTransaction
{
    public const string Application = "kapso-archive";

    [JsonPropertyName("appId"), JsonRequired] public string AppId { get; set; } = Application;

    /// <summary>The table's version.</summary>
    [JsonPropertyName("version"), JsonRequired] public long Version { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    [JsonPropertyName("lastUpdated"), JsonRequired] public long LastUpdated { get; set; }
}

/// <summary>One part.</summary>
internal sealed record DeltaAdd
{
    /// <summary>The tag of a part that was not there, or not readable, when its commit was written: its statistics are those of the
    /// manifest.</summary>
    public const string FromManifest = "statistics_from_manifest";

    /// <summary>Relative to the table's folder.</summary>
    [JsonPropertyName("path"), JsonRequired] public string Path { get; set; } = "";

    [JsonPropertyName("partitionValues"), JsonRequired] public Dictionary<string, string> PartitionValues { get; set; } = [];

    /// <summary>In bytes.</summary>
    [JsonPropertyName("size"), JsonRequired] public long Size { get; set; }

    /// <summary>Milliseconds since 1970: the end of the run.</summary>
    [JsonPropertyName("modificationTime"), JsonRequired] public long ModificationTime { get; set; }

    /// <summary>True in a commit, false in a checkpoint.</summary>
    [JsonPropertyName("dataChange"), JsonRequired] public bool DataChange { get; set; }

    /// <summary>JSON.</summary>
    [JsonPropertyName("stats"), JsonRequired] public string Stats { get; set; } = "";

    /// <summary>Null without tags.</summary>
    [JsonPropertyName("tags")] public Dictionary<string, string>? Tags { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeltaAction))]
internal sealed partial class DeltaJson : JsonSerializerContext;
