using System.Text.Json.Nodes;

namespace KapsoArchive.Core.Delta;

/// <summary>The least and the greatest value of a part's columns, as the log writes them. They are bounds, not values of the part: a text
/// may be cut, and times are in whole milliseconds, the greatest rounded up.</summary>
internal sealed class DeltaBounds
{
    private const long MicrosPerMillisecond = 1000;

    private static readonly long MostMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly SortedDictionary<string, (string? Least, string? Most)> _columns = new(StringComparer.Ordinal);

    /// <summary>Adds a text column's bounds, each only if it is valid UTF-8.</summary>
    public void Add(string column, byte[] least, byte[] most) => _columns[column] = (TextOf(least), TextOf(most));

    /// <summary>Adds a time column's bounds, in microseconds since 1970.</summary>
    public void Add(string column, long least, long most)
    {
        long last = Floor(most) + (most % MicrosPerMillisecond == 0 ? 0 : 1);
        _columns[column] = (Format(Floor(least)), last > MostMilliseconds ? null : Format(last));

        static long Floor(long micros) => (long)Math.Floor((decimal)micros / MicrosPerMillisecond);
    }

    /// <summary>The statistics of a part, as the JSON in its action.</summary>
    public string ToStatistics(long rows) => new JsonObject
    {
        ["numRecords"] = rows,
        ["tightBounds"] = false,
        ["minValues"] = ToJson(_columns.Select(c => (c.Key, c.Value.Least))),
        ["maxValues"] = ToJson(_columns.Select(c => (c.Key, c.Value.Most))),
    }.ToJsonString();

    private static JsonObject ToJson(IEnumerable<(string Column, string? Value)> bounds) =>
        new(bounds.Where(b => b.Value is not null).Select(b => KeyValuePair.Create<string, JsonNode?>(b.Column, b.Value)));

    private static string? TextOf(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
