using System.Globalization;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>
/// Messages whose values catch a reader that trusts wrong statistics: text where UTF-16 order is not UTF-8 order (an emoji beside U+E000
/// to U+FFFF), texts longer than
/// a bound that differ only at their ends, nulls, empty texts, times with microseconds over several days, and positions on both sides of
/// zero.
/// </summary>
internal static class HostileMessages
{
    private static readonly string Long = new('x', 70);

    private static readonly string?[] Texts =
    [
        "a😊", "a❤️", "a～", "a\uE000", "a\uFFFD", "a\U0010FFFF", "a\uD7FF", "a", "", null, "é", "z", Long + "1", Long + "2", Long + "😊", Long + "～",
        string.Concat(Enumerable.Repeat("😊", 40)), string.Concat(Enumerable.Repeat("\uFFFF", 40)),
    ];

    public static IReadOnlyList<MessageRow> Create(int count)
    {
        var random = new Random(20261122);
        var positions = new Random(20261126);
        string? Text() => Texts[random.Next(Texts.Length)];
        List<MessageRow> rows = [];
        for (int i = 0; i < count; i++)
        {
            DateTimeOffset created = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(random.NextInt64(5L * 24 * 3600 * 1_000_000));
            string record = JsonSerializer.Serialize(new
            {
                id = string.Create(CultureInfo.InvariantCulture, $"{Text()}-{i}"),
                status = Text(),
                phone_number = Text(),
                content = Text(),
                direction = random.Next(5) == 0 ? null : "inbound",
                created_at = random.Next(10) == 0 ? null : Iso(created),
                updated_at = random.Next(10) == 0 ? null : Iso(created.AddMicroseconds(random.Next())),
                unknown = random.Next(3) == 0 ? Text() : null,
            });
            rows.Add(Rows.Flatten(record, "conversation " + Texts[random.Next(8)]));
            rows[^1].Position = positions.Next(5) == 0 ? null : positions.NextInt64(-300, 300);
        }

        return rows;
    }

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
