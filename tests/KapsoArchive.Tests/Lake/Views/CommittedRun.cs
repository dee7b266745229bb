using System.Text.Json;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>What a manifest in a lake's folder says of its run.</summary>
/// <param name="Files">How many files it names, of all datasets.</param>
/// <param name="Messages">Rows of <c>messages</c>.</param>
/// <param name="Conversations">Rows of <c>conversations</c>.</param>
/// <param name="Written">Messages of which it wrote a version that is not a removal.</param>
/// <param name="Total">Messages of the archive after it.</param>
internal sealed record CommittedRun(string RunId, long Files, long Messages, long Conversations, long Written, long Total)
{
    /// <summary>All runs that are committed now, oldest first.</summary>
    public static IReadOnlyList<CommittedRun> ReadAll(string lake)
    {
        List<CommittedRun> runs = [];
        foreach (string file in Directory.GetFiles(Path.Combine(lake, "_manifests"), "*.json").Order(StringComparer.Ordinal))
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement rows = manifest.RootElement.GetProperty("totals").GetProperty("rows");
            (long added, long changed, long removed) = (Number(rows, "added"), Number(rows, "changed"), Number(rows, "removed"));
            JsonElement[] files = [.. manifest.RootElement.GetProperty("files").EnumerateArray()];
            runs.Add(new CommittedRun(
                manifest.RootElement.GetProperty("run_id").GetString()!, files.Length, RowsOf(files, "messages"), RowsOf(files, "conversations"),
                added + changed, (runs.Count > 0 ? runs[^1].Total : 0) + added - removed));
        }

        return runs;
    }

    private static long RowsOf(JsonElement[] files, string dataset) =>
        files.Where(f => f.GetProperty("dataset").GetString() == dataset).Sum(f => Number(f, "rows"));

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
