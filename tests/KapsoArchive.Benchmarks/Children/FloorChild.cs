using ParquetSharp;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>
/// What cannot be avoided: fetch the pages, find the boundaries of the records, and compress their bytes into a Parquet file, by Arrow C++ and as one column.
/// No column is cut out, nothing is compared, nothing is proved.
/// </summary>
internal static class FloorChild
{
    private const int BytesInGroup = 16 * 1024 * 1024;

    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using Source source = Source.At(settings["url"]);
        using ParquetFileWriter file = ArrowFile.Create(Path.Combine(settings["out"], "floor.parquet"), [ArrowFile.Text("record", required: true)], []);
        List<Range> records = new(100);
        List<ReadOnlyMemory<byte>> waiting = [];
        long bytes = 0;
        long messages = 0;
        foreach (string id in await source.ConversationsAsync())
        {
            int pages = 1;
            for (int number = 1; number <= pages; number++)
            {
                byte[] body = await source.PageAsync(id, number);
                records.Clear();
                pages = PageScan.Records(body, records);
                foreach (Range record in records)
                    waiting.Add(body.AsMemory(record));
                messages += records.Count;
                bytes += body.Length;
                if (bytes < BytesInGroup)
                    continue;
                Write(file, waiting);
                bytes = 0;
            }
        }

        Write(file, waiting);
        file.Close();
        return new Dictionary<string, double>(StringComparer.Ordinal) { ["messages"] = messages };
    }

    private static void Write(ParquetFileWriter file, List<ReadOnlyMemory<byte>> records)
    {
        using var pinned = new PinnedTexts();
        using RowGroupWriter group = file.AppendRowGroup();
        using (var column = (ColumnWriter<ByteArray>)group.NextColumn())
            column.WriteBatch([.. records.Select(pinned.At)]);
        group.Close();
        records.Clear();
    }
}
