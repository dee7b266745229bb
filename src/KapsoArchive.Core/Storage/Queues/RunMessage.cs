using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// A queue message: work on this run is due. Everything else is in the run's journal and record, so a message may arrive twice, late or
/// never.
/// </summary>
/// <param name="RunId">The run; null for a nightly run that has to wait for another run to end.</param>
/// <param name="Kind">The purpose of the run.</param>
/// <param name="Trigger">If the run does not exist yet: what requested it, <c>timer</c> or <c>http</c>.</param>
public sealed record RunMessage(string? RunId, RunKind Kind, string? Trigger = null)
{
    /// <summary>The name of the storage queue.</summary>
    public const string QueueName = "archive-runs";

    /// <summary>The queue to which Azure Functions moves a message that failed repeatedly.</summary>
    public const string PoisonQueueName = "archive-runs-poison";

    public string ToJson() => JsonSerializer.Serialize(this, RunMessageJson.Default.RunMessage);

    /// <summary>Null if the text is not such a message.</summary>
    public static RunMessage? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunMessageJson.Default.RunMessage) is { } message
                && (message.RunId is not null || message.Trigger is not null)
                    ? message
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunMessage))]
internal sealed partial class RunMessageJson : JsonSerializerContext;
