namespace KapsoArchive.Benchmarks.Children;

/// <summary>Saves the pages of the source, a file a conversation and a line a page: the form that DuckDB reads best.</summary>
internal static class SavePagesChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using Source source = Source.At(settings["url"]);
        List<Range> records = [];
        foreach (string id in await source.ConversationsAsync())
        {
            await using FileStream file = File.Create(Path.Combine(settings["out"], id + ".jsonl"));
            int pages = 1;
            for (int page = 1; page <= pages; page++)
            {
                byte[] body = await source.PageAsync(id, page);
                pages = PageScan.Records(body, records);
                await file.WriteAsync(body);
                file.WriteByte((byte)'\n');
            }
        }

        return new Dictionary<string, double>(StringComparer.Ordinal) { ["messages"] = records.Count };
    }
}
