using System.Globalization;

namespace KapsoArchive.Core.Lake;

/// <summary>Where files lie in a store: the paths are a contract with those who query the lake.</summary>
public static class Layout
{
    public const string LatestName = "latest.json";

    private const string RunTimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int RunTimeLength = 16;

    /// <summary>
    /// A new run's id: its UTC start to the second and eight hex digits, so that ids sort by time. Where the run before it has that second too, or one that is still to come by this
    /// clock, the id takes the second after that one: the newest row of a message is told by the id.
    /// </summary>
    /// <param name="startedAt">When the run began.</param>
    /// <param name="previousRunId">The newest committed run; null for none.</param>
    public static string NewRunId(DateTimeOffset startedAt, string? previousRunId)
    {
        DateTime time = startedAt.UtcDateTime;
        if (previousRunId?.Length > RunTimeLength
            && DateTime.TryParseExact(previousRunId[..RunTimeLength], RunTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime previous)
            && time < previous.AddSeconds(1))
        {
            time = previous.AddSeconds(1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{time.ToString(RunTimeFormat, CultureInfo.InvariantCulture)}-{Random.Shared.Next():x8}");
    }

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
