using System.Globalization;

namespace KapsoArchive.Core.Lake;

/// <summary>Where the files of one run lie, relative to the data area, or to the folder of an export.</summary>
public sealed class RunLayout(RunStamp run, RunKind kind)
{
    /// <summary>The manifest of an export, in its folder.</summary>
    public const string ExportManifest = "manifest.json";

    public RunKind Kind => kind;

    /// <summary>What stands before every path in the area: an export has a folder of its own.</summary>
    public string Folder => kind == RunKind.Export ? $"{run.RunId}/" : "";

    public string Manifest => kind == RunKind.Export ? ExportManifest : Layout.Manifest(run.RunId);

    public string Conversations => kind == RunKind.Export ? $"{Datasets.Conversations.Name}/{run.RunId}-00000.parquet" : Layout.Conversations(run);

    public string Rejected => Layout.Rejected(run);

    /// <summary>A page of an export.</summary>
    /// <param name="page">Its name, with the folder of its conversation.</param>
    public static string Page(string page) => $"{Datasets.MessagesHtml}/{page}";

    public string Messages(PartFormat format, int part) => kind == RunKind.Archive
        ? Layout.Messages(run, format, part)
        : string.Create(CultureInfo.InvariantCulture, $"{Layout.Names(format).Dataset}/{run.RunId}-{part:D5}.{Layout.Extension(format)}");
}
