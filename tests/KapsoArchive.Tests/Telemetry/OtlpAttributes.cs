using System.Globalization;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>Reads attributes as they come over OTLP; every value as text.</summary>
internal static class OtlpAttributes
{
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<ProtobufMessage> attributes) => attributes.ToDictionary(a => a.Text(1), a => Value(a.Messages(2).Single()));

    private static string Value(ProtobufMessage value) =>
        value.Has(2) ? (value.Number(2) == 1).ToString()
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? value.Double(4).ToString(CultureInfo.InvariantCulture)
        : value.Text(1);
}
