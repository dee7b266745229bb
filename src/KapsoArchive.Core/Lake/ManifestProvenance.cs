namespace KapsoArchive.Core.Lake;

/// <summary>Conversations of an export that speak up to the same time, with messages from the same source.</summary>
/// <param name="Source"><c>kapso</c>, <c>archive</c> or <c>both</c>.</param>
/// <param name="AsOf">The start of the run that read them; null if the archive never showed them to be complete.</param>
/// <param name="Count">The number of conversations.</param>
/// <param name="Conversations">Their ids; null if the export has more than 1,000 conversations. The conversations dataset names
/// each.</param>
public sealed record ManifestProvenance(
    string Source, DateTimeOffset? AsOf, long Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Conversations)
{
    private const int MostNamed = 1_000;

    /// <summary>The statement as documents print it.</summary>
    [JsonIgnore] public string Words => Statement(Enum.Parse<ExportSource>(Source, ignoreCase: true), AsOf);

    /// <summary>As of when, and from where: <c>as of 2026-11-27T02:00:11Z, from the archive</c>.</summary>
    internal static string Statement(ExportSource source, DateTimeOffset? asOf)
    {
        string from = source switch
        {
            ExportSource.Kapso => "Kapso",
            ExportSource.Archive => "the archive",
            _ => "Kapso and the archive",
        };
        return asOf is { } time ? string.Create(CultureInfo.InvariantCulture, $"as of {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, from {from}")
            : $"from {from}, never shown to be complete";
    }

    /// <summary>The statements of an export, the oldest first. Conversations of which it has nothing make none.</summary>
    internal static IReadOnlyList<ManifestProvenance> Of(IEnumerable<ConversationRow> rows)
    {
        Dictionary<(ExportSource, long?), (long Count, List<string> Ids)> groups = [];
        long total = 0;
        foreach (ConversationRow row in rows)
        {
            if (row.From is not { } from)
                continue;
            (long count, List<string> ids) = groups.GetValueOrDefault((from, row.AsOf), (0, []));
            if (++total <= MostNamed)
                ids.Add(row.ConversationId);
            groups[(from, row.AsOf)] = (count + 1, ids);
        }

        return
        [
            .. groups.OrderBy(g => g.Key.Item2).ThenBy(g => g.Key.Item1).Select(g => new ManifestProvenance(
                g.Key.Item1.ToString().ToLowerInvariant(), g.Key.Item2 is { } time ? Timestamp.FromMicros(time) : null, g.Value.Count,
                total <= MostNamed ? [.. g.Value.Ids.Order(StringComparer.Ordinal)] : null)),
        ];
    }
}
