using System.Globalization;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Views;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Asks DuckDB for one month, over the views of a lake of many nights and over one file of the same rows, in turns, and tells the median of the CPU that each took.</summary>
internal static class ViewsChild
{
    private const string Month = "BETWEEN DATE '2026-10-01' AND DATE '2026-10-31'";

    public static readonly IReadOnlyDictionary<string, string> Queries = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["one night"] = "SELECT count(content), count(DISTINCT conversation_id), max(updated_at) FROM {0} WHERE snapshot_date = DATE '2026-10-15'",
        ["the nights of a month"] = $"SELECT count(content), count(DISTINCT conversation_id), max(updated_at) FROM {{0}} WHERE snapshot_date {Month}",
        ["the present messages of a month"] = $"SELECT count(content), count(DISTINCT conversation_id), max(updated_at) FROM {{0}}_current WHERE created_at::DATE {Month}",
    };

    private static readonly DateTimeOffset LastNight = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public static Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        string lake = Path.Combine(settings["folder"], "lake");
        string one = Path.Combine(settings["folder"], "one.parquet");
        using var views = new DuckDb();
        Make(views, settings["from"], (int)settings.Number("nights", 1_100), lake, one);
        views.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(lake)));
        using var file = new DuckDb();
        file.Execute(ViewScript.Over([new LakeFile("all", Datasets.Messages.Name, "messages/all.parquet", one)]));
        file.Execute($"CREATE OR REPLACE VIEW messages AS FROM '{one}'");

        var seconds = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (int round = 0; round <= 7; round++)
        {
            foreach ((string query, string sql) in Queries)
            {
                List<string> found = [];
                foreach ((string over, DuckDb duck) in new[] { ("views", views), ("file", file) })
                {
                    TimeSpan before = Environment.CpuUsage.TotalTime;
                    found.Add(duck.Text($"SELECT row::VARCHAR FROM ({string.Format(CultureInfo.InvariantCulture, sql, "messages")}) AS row"));
                    if (round > 0) // The first is to warm up.
                        (seconds.TryGetValue($"{over} {query}", out List<double>? known) ? known : seconds[$"{over} {query}"] = []).Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
                }

                if (found.Distinct().Count() > 1)
                    throw new InvalidOperationException($"The query '{query}' found {string.Join(" and ", found)}.");
            }
        }

        return Task.FromResult(seconds.ToDictionary(s => s.Key, s => Median.Of(s.Value), StringComparer.Ordinal));
    }

    /// <summary>A lake of as many nights, a part each, and the same rows in one file.</summary>
    private static void Make(DuckDb duck, string from, int nights, string lake, string one)
    {
        duck.Execute($"""
            CREATE TABLE written AS
            SELECT * EXCLUDE (began) REPLACE (began AS archived_at, began - to_minutes((hash(id) % 1440)::INTEGER) AS created_at, strftime(began, '%Y%m%dT%H%M%SZ-00000000') AS run_id),
              began::DATE AS snapshot_date
            FROM (
              SELECT *, TIMESTAMPTZ '{LastNight:yyyy-MM-dd HH:mm:ss}+00' - to_days(({nights} - 1 - (row_number() OVER () - 1) * {nights} // count(*) OVER ())::INTEGER) AS began
              FROM '{from}');
            COPY (FROM written ORDER BY snapshot_date, conversation_id, created_at) TO '{one}' (FORMAT parquet, COMPRESSION zstd);
            """);
        Directory.CreateDirectory(Path.Combine(lake, "_manifests"));
        for (int night = 0; night < nights; night++)
        {
            DateTimeOffset time = LastNight.AddDays(night + 1 - nights);
            string run = $"{time:yyyyMMdd'T'HHmmss'Z'}-00000000";
            List<string> files = [];
            foreach (string dataset in (string[])["messages", "conversations"])
            {
                files.Add($"{dataset}/snapshot_date={time:yyyy-MM-dd}/{run}-00000.parquet");
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(lake, files[^1]))!);
                string rows = dataset == "messages" ? $"SELECT * EXCLUDE (snapshot_date) FROM written WHERE run_id = '{run}' ORDER BY conversation_id, created_at" : $"SELECT 'c' AS conversation_id, '{run}' AS run_id";
                duck.Execute($"COPY ({rows}) TO '{Path.Combine(lake, files[^1])}' (FORMAT parquet, COMPRESSION zstd)");
            }

            string named = string.Join(", ", files.Select(f => $$"""{"path": "{{f}}", "dataset": "{{f.Split('/')[0]}}", "format": "parquet", "sha256": "{{new string('0', 64)}}"}"""));
            File.WriteAllText(Path.Combine(lake, "_manifests", $"{run}.json"), $$"""{"schema_version": 3, "run_id": "{{run}}", "kind": "archive", "status": "Succeeded", "files": [{{named}}]}""");
        }
    }
}
