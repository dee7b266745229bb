using System.Globalization;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Delta;

/// <summary>The log of a table in a folder, as its bytes have it.</summary>
internal sealed class LogFiles(string lake, string table)
{
    public static IReadOnlyList<string> Tables { get; } = [Datasets.Messages.Name, Datasets.Conversations.Name, Datasets.Media.Name];

    public string Folder { get; } = Path.Combine(lake, table, "_delta_log");

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    public IReadOnlyList<string> Commits => [.. Names.Where(n => n.EndsWith(".json", StringComparison.Ordinal))];

    public string CommitOf(long version) => Path.Combine(Folder, version.ToString("D20", CultureInfo.InvariantCulture) + ".json");

    public string CheckpointOf(long version) => Path.Combine(Folder, version.ToString("D20", CultureInfo.InvariantCulture) + ".checkpoint.parquet");

    /// <summary>The actions of a commit, each by its name.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode>> Read(long version) =>
        [.. File.ReadLines(CommitOf(version)).Select(line => JsonNode.Parse(line)!.AsObject().Single()).Select(a => KeyValuePair.Create(a.Key, a.Value!))];
}
