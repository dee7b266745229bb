using System.Globalization;
using System.Numerics;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>What a reader sees of one row: the columns by their names, whole numbers and times (microseconds) in decimal digits, and what
/// the engine's own functions say of it.</summary>
internal sealed class Sighting : Dictionary<string, string?>
{
    public const string FoundById = "found by id";
    public const string TimeAsText = "created_at, as text";
    public const string TimeAsDate = "created_at, as a Date";
    public const string Number = "n in metadata";
    public const string After = "after in metadata";

    public static IReadOnlyList<string> JsonColumns { get; } = ["metadata", "message_type_data", "extra"];

    public static IReadOnlyList<string> Columns { get; } = [.. Datasets.Messages.Columns.Select(column => column.Name)];

    public static IReadOnlyList<string> Times { get; } = [.. Datasets.Messages.Columns.OfType<TimestampColumn<MessageRow>>().Select(column => column.Name)];

    public string Id => this["id"]!;

    public static string MembersOf(string column) => $"{column}, members";

    public static Sighting Of(IEnumerable<(string Name, string? Value)> values)
    {
        Sighting sighting = [];
        foreach ((string name, string? value) in values)
            sighting[name] = value;
        return sighting;
    }

    /// <summary>What a reader should see.</summary>
    public static Sighting Of(MessageRow row)
    {
        Sighting truth = Of(Datasets.Messages.Columns.Select(column => (column.Name, Digits(Rows.Value(column, row)))));
        truth[FoundById] = "1";
        DateTimeOffset? created = row.CreatedAt is { } micros ? Timestamp.FromMicros(micros) : null;
        truth[TimeAsText] = created?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        truth[TimeAsDate] = created?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        foreach (string column in JsonColumns)
            truth[MembersOf(column)] = truth[column] is { } json ? Digits(Members(Parse(json))) : null;
        JsonElement metadata = truth["metadata"] is { } text ? Parse(text) : default;
        truth[Number] = MemberText(metadata, "n");
        truth[After] = MemberText(metadata, "after");
        return truth;
    }

    public static int Members(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Count(),
        JsonValueKind.Array => json.GetArrayLength(),
        _ => 0,
    };

    public static string? MemberText(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement member) ? member.ToString() : null;

    public static string? Digits(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 300, AllowDuplicateProperties = false });
        return document.RootElement.Clone();
    }

    /// <summary>Whether two texts are the same JSON, whatever their spaces and escapes are.</summary>
    public static bool IsSameJson(string one, string other)
    {
        try
        {
            return JsonElement.DeepEquals(Parse(one), Parse(other));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether two texts are the same number, exactly: 1.50 is 1.5, and not 1.5000000000000001.</summary>
    public static bool IsSameNumber(string one, string other) => Exact(one) is { } number && number == Exact(other);

    /// <summary>A number as its digits and its exponent, so that 1.50 is 1.5.</summary>
    private static (BigInteger Digits, int Exponent)? Exact(string number)
    {
        string[] parts = number.ToLowerInvariant().Split('e');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        if (!BigInteger.TryParse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger digits))
            return null;
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        for (; !digits.IsZero && digits % 10 == 0; digits /= 10)
            exponent++;
        return (digits, digits.IsZero ? 0 : exponent);
    }
}
