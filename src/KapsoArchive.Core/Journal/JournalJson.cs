namespace KapsoArchive.Core.Journal;

/// <summary>JSON serialization of the journal's documents. A document without a required member, or with null in its place, is
/// damaged.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    Converters = [typeof(StampConverter)])]
[JsonSerializable(typeof(JournalHead))]
[JsonSerializable(typeof(RunPlan))]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(JournalCommit))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>Writes a stamp as one text: the run's id, a space, and its start.</summary>
    internal sealed class StampConverter : JsonConverter<RunStamp>
    {
        public override RunStamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()?.Split(' ') is [var runId, var time]
                && System.DateTimeOffset.TryParse(
                    time, System.Globalization.CultureInfo.InvariantCulture, out System.DateTimeOffset archivedAt)
                ? new RunStamp(runId, archivedAt)
                : throw new JsonException("A run's stamp is an id, a space and a time.");

        public override void Write(Utf8JsonWriter writer, RunStamp value, JsonSerializerOptions options) =>
            writer.WriteStringValue(FormattableString.Invariant($"{value.RunId} {value.ArchivedAt:O}"));
    }
}
