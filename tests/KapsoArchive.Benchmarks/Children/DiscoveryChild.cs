namespace KapsoArchive.Benchmarks.Children;

/// <summary>Fetches and parses the pages of the list of conversations, as often as a run walks it, and does nothing else. Leaves the ids in a file where one is named.</summary>
internal static class DiscoveryChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using Source source = Source.At(settings["url"]);
        List<string> ids = [];
        for (long walk = 1; walk <= settings.Number("walks", 1); walk++)
            ids = await source.ConversationsAsync();
        if (settings.Find("out") is { } file)
            await File.WriteAllLinesAsync(file, ids);
        return new Dictionary<string, double>(StringComparer.Ordinal) { ["conversations"] = ids.Count };
    }
}
