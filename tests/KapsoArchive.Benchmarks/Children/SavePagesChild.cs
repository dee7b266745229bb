namespace KapsoArchive.Benchmarks.Children;

/// <summary>Saves the pages of the source, in the two forms that one would: a file a page, and a file a conversation with a line a page.</summary>
internal static class SavePagesChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using Source source = Source.At(settings["url"]);
        List<Range> records = [];
        foreach (string id in await source.ConversationsAsync())
        {
            string folder = Directory.CreateDirectory(Path.Combine(settings["out"], id)).FullName;
            await using FileStream lines = File.Create(folder + ".jsonl");
            int pages = 1;
            for (int page = 1; page <= pages; page++)
            {
                byte[] body = await source.PageAsync(id, page);
                pages = PageScan.Records(body, records);
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{page}.json"), body);
                await lines.WriteAsync(body);
                lines.WriteByte((byte)'\n');
            }
        }

        return new Dictionary<string, double>(StringComparer.Ordinal) { ["messages"] = records.Count };
    }
}
