using System.Diagnostics;
using KapsoArchive.Benchmarks.Harness;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Asks DuckDB three questions over each of several files of the same rows, in turns, and tells the median of the seconds that each took.</summary>
internal static class QueryChild
{
    public static readonly IReadOnlyList<string> Queries = ["day", "conversation", "text"];

    public static Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        string[] writers = settings["writers"].Split(',');
        using var duck = new DuckDb();
        string any = $"'{settings[writers[0]]}'";
        string day = duck.Text($"SELECT strftime(quantile_disc(created_at, 0.5), '%Y-%m-%d') FROM {any}");
        string conversation = duck.Text($"SELECT conversation_id FROM {any} GROUP BY ALL ORDER BY count(*) DESC, conversation_id LIMIT 1 OFFSET 5");
        string Sql(string query, string file) => query switch
        {
            "day" => $"SELECT count(content) FROM '{file}' WHERE created_at >= '{day}'::DATE AND created_at < '{day}'::DATE + 1",
            "conversation" => $"SELECT count(content) FROM '{file}' WHERE conversation_id = '{conversation}'",
            _ => $"SELECT count(*) FROM '{file}' WHERE contains(content, 'gracias')",
        };

        var seconds = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (long round = 0; round <= settings.Number("rounds", 9); round++)
        {
            foreach (string query in Queries)
            {
                List<long> found = [];
                foreach (string writer in writers)
                {
                    long start = Stopwatch.GetTimestamp();
                    found.Add(duck.Count(Sql(query, settings[writer])));
                    if (round == 0)
                        seconds[$"{writer} {query}"] = []; // The first round is to warm up.
                    else
                        seconds[$"{writer} {query}"].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }

                if (found[0] == 0 || found.Distinct().Count() > 1)
                    throw new InvalidOperationException($"The query '{query}' found {string.Join(", ", found)} rows in the files of {string.Join(", ", writers)}.");
            }
        }

        return Task.FromResult(seconds.ToDictionary(s => s.Key, s => Median.Of(s.Value), StringComparer.Ordinal));
    }
}
