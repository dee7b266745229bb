using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Counts messages by type, direction and UTC day of creation. Rows for removed messages are not counted.</summary>
public sealed class MessageTally
{
    /// <summary>The source defines types and directions. Beyond this number of names, the rest is counted together.</summary>
    private const int MostNames = 200;

    private static readonly Utf8Text Others = Utf8Text.From("(others)");
    private static readonly Utf8Text None = Utf8Text.From("(none)");

    private readonly Dictionary<Utf8Text, long> _types = [];
    private readonly Dictionary<Utf8Text, long> _directions = [];
    private readonly Dictionary<DateOnly, long> _days = [];

    public long Messages { get; private set; }

    /// <summary>Messages without a readable time.</summary>
    public long Undated { get; private set; }

    /// <summary>Most frequent first. A message without a type counts as <c>(none)</c>.</summary>
    public IReadOnlyList<(string Name, long Count)> Types => Sorted(_types);

    /// <inheritdoc cref="Types"/>
    public IReadOnlyList<(string Name, long Count)> Directions => Sorted(_directions);

    /// <summary>The days with messages, in order.</summary>
    public IReadOnlyList<(DateOnly Day, long Count)> Days => [.. _days.OrderBy(d => d.Key).Select(d => (d.Key, d.Value))];

    /// <summary>Counts the messages of a run. Of Parquet it reads only the counted columns.</summary>
    /// <exception cref="DamagedFileException">A part is missing or damaged.</exception>
    internal Task AddAsync(CommittedRun run, CancellationToken cancellationToken) =>
        run.ReadMessagesAsync((_, batch) => AddAsync(batch, cancellationToken), cancellationToken);

    private async Task AddAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        Utf8Text[] types = await batch.TextAsync("message_type", cancellationToken);
        Utf8Text[] directions = await batch.TextAsync("direction", cancellationToken);
        Utf8Text[] changes = await batch.TextAsync("change", cancellationToken);
        long[] times = await batch.TimesAsync(cancellationToken);
        for (int row = 0; row < types.Length; row++)
        {
            if (Datasets.ToChange(changes[row].Span) != Change.Removed)
                Add(types[row], directions[row], times[row]);
        }
    }

    private void Add(Utf8Text type, Utf8Text direction, long createdAt)
    {
        Messages++;
        Count(_types, type);
        Count(_directions, direction);
        if (createdAt == long.MinValue)
        {
            Undated++;
            return;
        }

        var day = DateOnly.FromDateTime(Timestamp.FromMicros(createdAt).UtcDateTime);
        _days[day] = _days.GetValueOrDefault(day) + 1;
    }

    private static void Count(Dictionary<Utf8Text, long> counts, Utf8Text name)
    {
        Utf8Text key = name.HasValue ? name : None;
        if (!counts.TryGetValue(key, out long count))
            // Copied, because the name is a slice of a much larger array.
            key = counts.Count >= MostNames ? Others : Utf8Text.From(key.Span.ToArray());
        counts[key] = key == Others ? counts.GetValueOrDefault(Others) + 1 : count + 1;
    }

    private static IReadOnlyList<(string Name, long Count)> Sorted(Dictionary<Utf8Text, long> counts) =>
        [.. counts.Select(c => (Name: c.Key.ToString()!, Count: c.Value)).OrderByDescending(c => c.Count)
            .ThenBy(c => c.Name, StringComparer.Ordinal)];
}
