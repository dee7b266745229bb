using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>A member of a JSON document, as the page lists it.</summary>
/// <param name="Path">With dots, and <c>[]</c> for the items of a list; <c>*</c> for any member that has no row.</param>
/// <param name="Type">In the page's words.</param>
/// <param name="Null"><c>never</c>, <c>may be</c>, or <c>left out</c> if the member is absent instead.</param>
/// <param name="Since">The schema version of the first documents that have it.</param>
internal sealed record FormatMember(string Path, string Type, string Null, int Since)
{
    public const string Others = "*";

    private static readonly string[] Nulls = ["never", "may be", "left out"];

    /// <summary>Whether documents do without it.</summary>
    public bool IsOptional => Null == "left out";

    public string Parent => Path.LastIndexOf('.') is >= 0 and int dot ? Path[..dot] : "";

    public static FormatMember Of(string[] row)
    {
        Nulls.ShouldContain(row[2], $"{row[0]}: null is never, may be or left out");
        return new FormatMember(row[0].Trim('`'), row[1], row[2], int.Parse(row[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Whether the value is of the type that the page gives.</summary>
    public bool Fits(JsonElement value) => value.ValueKind == JsonValueKind.Null ? Null == "may be" || Type == "any" : Type switch
    {
        "text" or "base64" => value.ValueKind == JsonValueKind.String,
        "time" => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "whole number" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "true or false" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" or "map" => value.ValueKind == JsonValueKind.Object,
        "list of text" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
        "list of object" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object),
        "any" => true,
        _ => throw new InvalidDataException($"{Path}: the page has no type '{Type}'"),
    };
}
