using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Core.Archive;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Counts the requests of an import, of a quiet night, of a night on which one conversation in a hundred has new messages, and of
/// a week with its full sweeps, beside the fewest that prove as much.</summary>
internal static class RequestsChild
{
    private const int PerPage = 100;
    private const int Week = 7;

    private static readonly DateTimeOffset Import = new(2026, 11, 12, 2, 0, 0, TimeSpan.Zero);

    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using var lake = new WorkFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Conversations = (int)settings.Number("conversations", 2_000),
            Messages = settings.Number("messages", 200_000),
            IncludeSamples = false,
        });
        IReadOnlyList<SandboxConversation> all = sandbox.Data.Conversations;
        long import = all.Sum(c => Fewest(c.MessageCount));
        async Task<long> RequestsAsync(DateTimeOffset at) => (await ArchiveChild.ExecuteAsync(
            sandbox.BaseUrl.ToString(),
            [new("Archive:Destination", lake.Path)],
            new ShiftedTime(at),
            ConversationSelection.Listed(all.Select(c => (c.Id, c.Id)), "ids"))).Totals.Requests;

        var facts = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["full import"] = await RequestsAsync(Import),
            ["full import, fewest"] = import,
            ["quiet night"] = await RequestsAsync(Import.AddHours(1)),
            ["quiet night, fewest"] = all.Count,
        };

        for (int i = 0; i < all.Count; i += 100)
        {
            MovingListing listing = sandbox.Listings.Moving(all[i].Id);
            for (int message = 0; message <= i / 100 % 5; message++)
                listing.InsertCreatedAt(Import.AddHours(1.5).AddMinutes(message));
        }

        facts["1 % moved"] = await RequestsAsync(Import.AddHours(2));
        facts["1 % moved, fewest"] = all.Count;
        for (int night = 1; night <= Week; night++)
            facts["week"] = facts.GetValueOrDefault("week") + await RequestsAsync(Import.AddDays(night));
        facts["week, fewest"] = (Week - 1) * all.Count + import;
        return facts;
    }

    /// <summary>The fewest requests that read a listing and prove its end: each page begins with a record that is known and reaches as far as
    /// it can, and the last is shorter than was asked for.</summary>
    private static long Fewest(long messages)
    {
        long requests = 0;
        for (long covered = 0; requests == 0 || covered <= messages; requests++)
            covered = covered == 0 ? PerPage : Enumerable.Range(1, PerPage).Max(size => ((covered - 1) / size + 1) * size);
        return requests;
    }
}
