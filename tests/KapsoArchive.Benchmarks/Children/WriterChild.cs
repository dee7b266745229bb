using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Writes the same rows to one file with one writer, and reckons what the writing alone took.</summary>
internal static class WriterChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        string path = settings["out"];
        TimeSpan writing = settings["writer"] switch
        {
            "ours" => await OursAsync(settings, path),
            "arrow" => Arrow(settings, path),
            "none" => None(settings),
            var other => throw new ArgumentException($"There is no writer {other}.", nameof(settings)),
        };
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["writing"] = writing.TotalSeconds,
            ["bytes"] = File.Exists(path) ? new FileInfo(path).Length : 0,
        };
    }

    private static async Task<TimeSpan> OursAsync(ChildSettings settings, string path)
    {
        TimeSpan writing = TimeSpan.Zero;
        await using FileStream output = File.Create(path);
        await using PartWriter writer = await PartWriter.CreateAsync(PartFormat.Parquet, output, RowSource.Run, CancellationToken.None);
        foreach (IReadOnlyList<MessageRow> rows in RowSource.Groups(settings))
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await writer.WriteAsync(rows, CancellationToken.None);
            writing += Environment.CpuUsage.TotalTime - before;
        }

        await writer.CompleteAsync(CancellationToken.None);
        return writing;
    }

    private static TimeSpan Arrow(ChildSettings settings, string path)
    {
        TimeSpan writing = TimeSpan.Zero;
        using var writer = new ArrowMessages(path);
        foreach (IReadOnlyList<MessageRow> rows in RowSource.Groups(settings))
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            writer.Write(rows);
            writing += Environment.CpuUsage.TotalTime - before;
        }

        writer.Complete();
        return writing;
    }

    private static TimeSpan None(ChildSettings settings)
    {
        foreach (IReadOnlyList<MessageRow> _ in RowSource.Groups(settings))
        {
            // Only made, to know what making them takes.
        }

        return TimeSpan.Zero;
    }
}
