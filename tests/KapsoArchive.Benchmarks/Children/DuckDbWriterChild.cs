namespace KapsoArchive.Benchmarks.Children;

/// <summary>Has DuckDB write the rows of a Parquet file to one of its own, by its own defaults but for the codec. What it takes to read the first is not in the reckoning.</summary>
internal static class DuckDbWriterChild
{
    public static Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using var duck = new DuckDb();
        duck.Execute($"CREATE TABLE messages AS SELECT * FROM read_parquet('{settings["from"]}', hive_partitioning = false)");
        TimeSpan before = Environment.CpuUsage.TotalTime;
        duck.Execute($"COPY messages TO '{settings["out"]}' (FORMAT parquet, COMPRESSION zstd)");
        return Task.FromResult(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["writing"] = (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            ["bytes"] = new FileInfo(settings["out"]).Length,
        });
    }
}
