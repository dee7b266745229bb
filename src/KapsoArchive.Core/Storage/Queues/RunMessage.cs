namespace KapsoArchive.Core.Storage.Queues;

/// <summary>A queue message: a worker should look at the journals. Everything else is in the store.</summary>
/// <param name="RunId">The run to look at first; null for any.</param>
/// <param name="Kind">The purpose of the run.</param>
/// <param name="Trigger">Only in messages of an earlier version, without a run: a nightly run could not begin, and this requested it,
/// <c>timer</c> or <c>http</c>.</param>
public sealed partial record RunMessage(string? RunId, RunKind Kind, string? Trigger = null)
{
    /// <summary>The name of the storage queue.</summary>
    public const string QueueName = "archive-runs";

    /// <summary>The queue of runs that were given up, and of messages that Azure Functions could not have handled.</summary>
    public const string PoisonQueueName = "archive-runs-poison";

    public string ToJson() => JsonSerializer.Serialize(this, Json.Default.RunMessage);

    /// <summary>Null if the text is not such a message.</summary>
    public static RunMessage? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Json.Default.RunMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(RunMessage))]
    private sealed partial class Json : JsonSerializerContext;
}
