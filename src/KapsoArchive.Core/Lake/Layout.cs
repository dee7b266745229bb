namespace KapsoArchive.Core.Lake;

/// <summary>The paths of files in a store. They are a contract with users who query the lake.</summary>
public static class Layout
{
    public const string LatestName = "latest.json";

    /// <summary>What the names of the folders of an archive's parts begin with. The rest is the day.</summary>
    internal const string Partition = "snapshot_date=";

    private const string RunTimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int RunTimeLength = 16;

    /// <summary>The last year allowed in an id.</summary>
    private const int LastYear = 9998;

    /// <summary>The last second of <see cref="LastYear"/>.</summary>
    private static readonly DateTimeOffset LastTime = new(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>Creates a run's id: its UTC start to the second and eight hex digits, so that ids sort by time. If the previous run has the
    /// same second or a later one, the id uses the second after that one, because the id determines the newest row of a message.</summary>
    /// <param name="startedAt">The start of the run by this machine's clock.</param>
    /// <param name="previousRunId">The newest committed run; null for the first run. Ignored if <see cref="LeavesNoRoom"/> is true for
    /// it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The clock's year leaves no room for an id.</exception>
    public static string NewRunId(DateTimeOffset startedAt, string? previousRunId)
    {
        DateTime time = startedAt.UtcDateTime;
        if (previousRunId is not null && !LeavesNoRoom(previousRunId) && TimeOf(previousRunId) is { } previous
            && startedAt < previous.AddSeconds(1))
            time = previous.UtcDateTime.AddSeconds(1);
        if (time.Year > LastYear)
            throw new ArgumentOutOfRangeException(nameof(startedAt), startedAt, $"No run id follows the year {LastYear}.");
        return string.Create(
            CultureInfo.InvariantCulture, $"{time.ToString(RunTimeFormat, CultureInfo.InvariantCulture)}-{Random.Shared.Next():x8}");
    }

    /// <summary>The time in a run's id; null if the text contains none.</summary>
    public static DateTimeOffset? TimeOf(string runId) =>
        runId.Length > RunTimeLength && DateTimeOffset.TryParseExact(
            runId[..RunTimeLength], RunTimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>Whether an id cannot be followed by another: its time is the end of year 9998 or later. Such a run counts as damage and is
    /// ignored.</summary>
    public static bool LeavesNoRoom(string runId) => TimeOf(runId) is { } time && time >= LastTime;

    public static string Messages(RunStamp run, PartFormat format, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder(Names(format).Dataset, run)}-{part:D5}.{Extension(format)}");

    public static string Conversations(RunStamp run) => $"{Folder(Datasets.Conversations.Name, run)}-00000.parquet";

    public static string Media(RunStamp run) => $"{Folder(Datasets.Media.Name, run)}-00000.parquet";

    /// <summary>The path of a file behind messages, in the data area and in an export: its content alone names it.</summary>
    /// <param name="sha256">64 lower-case hex digits.</param>
    /// <param name="extension">By the file's own signature.</param>
    public static string MediaFile(string sha256, string extension) => $"{Datasets.MediaFiles}/{sha256[..2]}/{sha256}.{extension}";

    public static string Rejected(RunStamp run) => $"{Datasets.Rejected}/{run.RunId}.jsonl";

    public static string Manifest(string runId) => $"_manifests/{runId}.json";

    /// <summary>The dataset and format names of messages in <paramref name="format"/>, as in the manifest.</summary>
    public static (string Dataset, string Format) Names(PartFormat format) => format switch
    {
        PartFormat.Parquet => (Datasets.Messages.Name, "parquet"),
        PartFormat.Jsonl => (Datasets.MessagesJsonl, "jsonl"),
        PartFormat.Csv => (Datasets.MessagesCsv, "csv"),
        PartFormat.Html => (Datasets.MessagesHtml, "html"),
        PartFormat.Xlsx => (Datasets.MessagesXlsx, "xlsx"),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    /// <summary>The dataset of a run's conversations in <paramref name="format"/>; null if the format has it in another file.</summary>
    internal static string? ConversationsIn(PartFormat format) => format switch
    {
        PartFormat.Parquet => Datasets.Conversations.Name,
        PartFormat.Jsonl => Datasets.ConversationsJsonl,
        PartFormat.Csv => Datasets.ConversationsCsv,
        _ => null,
    };

    internal static string Extension(PartFormat format) => format switch
    {
        PartFormat.Parquet => "parquet",
        PartFormat.Jsonl => "jsonl.gz",
        PartFormat.Csv => "csv",
        PartFormat.Xlsx => "xlsx",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    private static string Folder(string dataset, RunStamp run) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset}/{Partition}{run.ArchivedAt.UtcDateTime:yyyy-MM-dd}/{run.RunId}");
}
