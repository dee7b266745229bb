using System.Globalization;

namespace KapsoArchive.Core.Lake;

/// <summary>Where files lie in a store: the paths are a contract with those who query the lake.</summary>
public static class Layout
{
    public const string LatestName = "latest.json";

    private const string RunTimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int RunTimeLength = 16;

    /// <summary>The last year of an id.</summary>
    private const int LastYear = 9998;

    /// <summary>No second follows it in <see cref="LastYear"/>.</summary>
    private static readonly DateTimeOffset LastTime = new(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>
    /// A new run's id: its UTC start to the second and eight hex digits, so that ids sort by time. If the run before it has that second too,
    /// or one that is still to come by this clock, the id takes the second after that one: the newest row of a message is told by the id.
    /// </summary>
    /// <param name="startedAt">When the run began, by this machine's clock.</param>
    /// <param name="previousRunId">The newest committed run; null for none. One that <see cref="LeavesNoRoom"/> does not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">The clock shows a year that leaves no room for an id.</exception>
    public static string NewRunId(DateTimeOffset startedAt, string? previousRunId)
    {
        DateTime time = startedAt.UtcDateTime;
        if (previousRunId is not null && !LeavesNoRoom(previousRunId) && TimeOf(previousRunId) is { } previous && startedAt < previous.AddSeconds(1))
            time = previous.UtcDateTime.AddSeconds(1);
        if (time.Year > LastYear)
            throw new ArgumentOutOfRangeException(nameof(startedAt), startedAt, $"No run id follows the year {LastYear}.");
        return string.Create(CultureInfo.InvariantCulture, $"{time.ToString(RunTimeFormat, CultureInfo.InvariantCulture)}-{Random.Shared.Next():x8}");
    }

    /// <summary>The time in an id of a run; null if the text has none.</summary>
    public static DateTimeOffset? TimeOf(string runId) =>
        runId.Length > RunTimeLength && DateTimeOffset.TryParseExact(
            runId[..RunTimeLength], RunTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>Whether no id could follow this one: its time lies at the end of year 9998 or later. Such a run is damage, and does not
    /// count.</summary>
    public static bool LeavesNoRoom(string runId) => TimeOf(runId) is { } time && time >= LastTime;

    public static string Messages(RunStamp run, PartFormat format, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder(Names(format).Dataset, run)}-{part:D5}.{Extension(format)}");

    public static string Conversations(RunStamp run) => $"{Folder(Datasets.Conversations.Name, run)}-00000.parquet";

    public static string Rejected(RunStamp run) => $"{Datasets.Rejected}/{run.RunId}.jsonl";

    public static string Manifest(string runId) => $"_manifests/{runId}.json";

    /// <summary>The name of the dataset and of the format of messages in <paramref name="format"/>, as the manifest gives them.</summary>
    public static (string Dataset, string Format) Names(PartFormat format) => format switch
    {
        PartFormat.Parquet => (Datasets.Messages.Name, "parquet"),
        PartFormat.Jsonl => (Datasets.MessagesJsonl, "jsonl"),
        PartFormat.Csv => (Datasets.MessagesCsv, "csv"),
        PartFormat.Html => (Datasets.MessagesHtml, "html"),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    internal static string Extension(PartFormat format) => format switch
    {
        PartFormat.Parquet => "parquet",
        PartFormat.Jsonl => "jsonl.gz",
        PartFormat.Csv => "csv",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    private static string Folder(string dataset, RunStamp run) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset}/snapshot_date={run.ArchivedAt.UtcDateTime:yyyy-MM-dd}/{run.RunId}");
}
