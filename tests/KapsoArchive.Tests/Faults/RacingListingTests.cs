using System.Globalization;
using System.Net;
using KapsoArchive.Tests.Api;

namespace KapsoArchive.Tests.Faults;

/// <summary>Listings while what they list is deleted.</summary>
public sealed class RacingListingTests : ApiTest
{
    private const int Listings = 150;

    [Fact]
    public async Task A_listing_during_deletions_never_fails()
    {
        string records = Path.Combine(Folder, "_state", "exports");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task churn = Task.Run(() => Churn(records, done.Token), Cancellation);

        for (int i = 0; i < Listings; i++)
        {
            using HttpResponseMessage answer = await Client.GetAsync("/api/exports", Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
        }

        await done.CancelAsync();
        await churn;
    }

    /// <summary>Records come and go, and with the last one their folder.</summary>
    private static void Churn(string folder, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            Directory.CreateDirectory(Path.Combine(folder, "more"));
            string[] files = [.. Enumerable.Range(0, 40).Select(n => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"20261122T020000Z-{n:x8}.json")))];
            foreach (string file in files)
                File.WriteAllText(file, "{}");
            foreach (string file in files)
                File.Delete(file);
            Directory.Delete(folder, recursive: true);
        }
    }
}
