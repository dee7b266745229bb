using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>What stands in the queue: work on this run is due. All else is in the run's journal and record, so a message that arrives twice, late or never loses nothing.</summary>
/// <param name="RunId">The run; null for the nightly run that could not begin yet because another is under way.</param>
/// <param name="Kind">What the run is for.</param>
/// <param name="Trigger">Where there is no run yet: what asked for it, <c>timer</c> or <c>http</c>.</param>
public sealed record RunMessage(string? RunId, RunKind Kind, string? Trigger = null)
{
    /// <summary>The storage queue in which messages wait.</summary>
    public const string QueueName = "archive-runs";

    /// <summary>Where Azure Functions puts a message that failed time after time.</summary>
    public const string PoisonQueueName = "archive-runs-poison";

    public string ToJson() => JsonSerializer.Serialize(this, RunMessageJson.Default.RunMessage);

    /// <summary>Null where this is no such message.</summary>
    public static RunMessage? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunMessageJson.Default.RunMessage) is { } message && (message.RunId is not null || message.Trigger is not null) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunMessage))]
internal sealed partial class RunMessageJson : JsonSerializerContext;
