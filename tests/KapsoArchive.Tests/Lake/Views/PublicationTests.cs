using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>A reader that goes round all views of a folder, without a pause, while runs are published in steps.</summary>
public sealed class PublicationTests : IDisposable
{
    /// <summary>A part for every few messages.</summary>
    private static readonly RunLimits SmallParts = new() { RowGroupRows = 25, PartRows = 25 };

    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _queries = new(0);
    private Task<(int Loops, List<string> Faults)>? _reading;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _queries.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task A_reader_that_loops_over_every_view_sees_whole_runs_only(int seed)
    {
        var random = new Random(seed);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 2_500, IncludeSamples = false, Seed = 16 }, cancellationToken: Cancellation);
        MovingListing listing = sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id);
        int steps = 0;
        var store = new FolderStore(_folder.Path);
        var time = new ShiftedTime(new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.Zero));
        await using (var first = new RunHarness(sandbox.BaseUrl, store, SmallParts, time: time))
            await first.RunAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, SteppedStore.Of(store, StepAsync), SmallParts, time: time);
        using ViewReader reader = await ViewReader.OpenAsync(_folder.Path);
        using var ended = new CancellationTokenSource();
        _reading = Task.Run(() => Loop(reader, ended.Token), Cancellation);

        for (int publication = 1; publication <= Samples.Count(8, 50); publication++)
        {
            time.Advance(TimeSpan.FromHours(6));
            for (int i = 0; i < 90; i++)
                listing.InsertNewest();
            listing.Update(listing.At(100).Id, $"read {publication}");
            Manifest manifest = await harness.RunAsync();
            manifest.Files.Count(f => f.Dataset == Datasets.Messages.Name).ShouldBeGreaterThan(2, "a run that can be seen in part");
        }

        await ended.CancelAsync();
        (int loops, List<string> faults) = await _reading;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {steps} steps, {loops} loops over {ViewReader.Views.Count} views, {faults.Count} faults");
        faults.ShouldBeEmpty();
        loops.ShouldBeGreaterThan(1);
        reader.FindFaults().ShouldBeEmpty("the last run is seen by the loop after its manifest");

        // Some steps follow each other at once, as they do on a fast disk; before others a query begins, and is as far as chance has it.
        async Task StepAsync(StorePath path)
        {
            steps++;
            if (random.Next(3) > 0)
                return;
            while (_queries.Wait(0, CancellationToken.None))
            {
            }

            await Task.WhenAny(_queries.WaitAsync(Cancellation), _reading!);
            await Task.Delay(random.Next(40), Cancellation);
        }
    }

    private (int Loops, List<string> Faults) Loop(ViewReader reader, CancellationToken ended)
    {
        List<string> faults = [];
        for (int loops = 1; ; loops++)
        {
            foreach (string view in ViewReader.Views)
            {
                _queries.Release();
                if (reader.FaultOf(view) is { } fault)
                    faults.Add(fault);
                if (ended.IsCancellationRequested)
                    return (loops, faults);
            }
        }
    }
}
