using System.Globalization;

namespace KapsoArchive.Core.Lake;

/// <summary>Where files lie in a store: the paths are a contract with those who query the lake.</summary>
public static class Layout
{
    public const string LatestName = "latest.json";

    private const string RunTimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>A new run's id: its UTC start to the second and eight hex digits, so that ids sort by time.</summary>
    public static string NewRunId(DateTimeOffset startedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{startedAt.UtcDateTime.ToString(RunTimeFormat, CultureInfo.InvariantCulture)}-{Random.Shared.Next():x8}");

    public static string Messages(RunStamp run, PartFormat format, int part) => format switch
    {
        PartFormat.Parquet => $"{Folder(Datasets.Messages.Name, run)}-{part:D5}.parquet",
        PartFormat.Jsonl => $"{Folder(Datasets.MessagesJsonl, run)}-{part:D5}.jsonl.gz",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    public static string Conversations(RunStamp run) => $"{Folder(Datasets.Conversations.Name, run)}-00000.parquet";

    public static string Rejected(RunStamp run) => $"{Datasets.Rejected}/{run.RunId}.jsonl";

    public static string Manifest(string runId) => $"_manifests/{runId}.json";

    /// <summary>The name of the dataset and of the format of messages in <paramref name="format"/>, as the manifest gives them.</summary>
    public static (string Dataset, string Format) Names(PartFormat format) => format switch
    {
        PartFormat.Parquet => (Datasets.Messages.Name, "parquet"),
        PartFormat.Jsonl => (Datasets.MessagesJsonl, "jsonl"),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    private static string Folder(string dataset, RunStamp run) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset}/snapshot_date={run.ArchivedAt.UtcDateTime:yyyy-MM-dd}/{run.RunId}");
}
