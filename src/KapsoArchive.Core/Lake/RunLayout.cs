namespace KapsoArchive.Core.Lake;

/// <summary>The paths of one run's files, relative to the data area or to the export's folder.</summary>
public sealed class RunLayout(RunStamp run, RunKind kind)
{
    /// <summary>The manifest of an export, in its folder.</summary>
    public const string ExportManifest = "manifest.json";

    /// <summary>Name of the list of hashes in an export's folder, and in its zip.</summary>
    public const string Sums = "SHA256SUMS";

    public RunKind Kind => kind;

    /// <summary>The prefix of every path in the area: an export has its own folder.</summary>
    public string Folder => kind == RunKind.Export ? $"{run.RunId}/" : "";

    public string Manifest => kind == RunKind.Export ? ExportManifest : Layout.Manifest(run.RunId);

    public string Conversations =>
        kind == RunKind.Export ? $"{Datasets.Conversations.Name}/{run.RunId}-00000.parquet" : Layout.Conversations(run);

    public string Media => kind == RunKind.Export ? $"{Datasets.Media.Name}/{run.RunId}-00000.parquet" : Layout.Media(run);

    /// <summary>The path of an export's zip, which is also the name under which people save it.</summary>
    [JsonIgnore]
    public string Zip => $"kapso-archive-{run.RunId}.zip";

    public string Rejected => Layout.Rejected(run);

    /// <summary>The path of an HTML document of an export.</summary>
    /// <param name="page">Its name, with its conversation's folder.</param>
    public static string Page(string page) => $"{Datasets.MessagesHtml}/{page}";

    /// <summary>The path of an export's conversations in a format that has them in a file of their own.</summary>
    public string ConversationsIn(PartFormat format) => format == PartFormat.Parquet
        ? Conversations
        : $"{Layout.ConversationsIn(format)}/{run.RunId}-00000.{Layout.Extension(format)}";

    public string Messages(PartFormat format, int part) => kind == RunKind.Archive
        ? Layout.Messages(run, format, part)
        : string.Create(CultureInfo.InvariantCulture, $"{Layout.Names(format).Dataset}/{run.RunId}-{part:D5}.{Layout.Extension(format)}");
}
