namespace KapsoArchive.Tests.Telemetry;

/// <summary>A span as it came over OTLP.</summary>
/// <param name="Parent">Empty for a root.</param>
/// <param name="Kind">1 for internal, 3 for a client's.</param>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links)
{
    public string this[string attribute] => Attributes.TryGetValue(attribute, out string? value) ? value : throw new InvalidOperationException($"{Name} has no {attribute}.");

    public static OtlpSpan Of(ProtobufMessage span) => new(
        span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), OtlpAttributes.Of(span.Messages(9)), [.. span.Messages(13).Select(link => link.Hex(2))]);
}
