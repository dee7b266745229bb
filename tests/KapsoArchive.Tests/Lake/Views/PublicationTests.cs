using System.Diagnostics;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>A reader that goes round all views of a folder, without a pause, while runs are published in steps.</summary>
public sealed class PublicationTests : IDisposable
{
    private const string EmptyParts = "messages/snapshot_date=2001-01-01";

    /// <summary>A part for every few messages.</summary>
    private static readonly RunLimits SmallParts = new() { RowGroupRows = 25, PartRows = 25 };

    private readonly TemporaryFolder _folder = new();
    private TimeSpan _lastQuery;
    private Task<(int Loops, List<string> Faults)>? _reading;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task A_reader_that_loops_over_every_view_sees_whole_runs_only(int seed)
    {
        var random = new Random(seed);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 2_500, IncludeSamples = false, Seed = 16 }, cancellationToken: Cancellation);
        MovingListing listing = sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id);
        (int steps, int pauseAt) = (0, 0);
        var store = new FolderStore(_folder.Path);
        var time = new ShiftedTime(new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.Zero));
        await using (var first = new RunHarness(sandbox.BaseUrl, store, SmallParts, time: time))
            await first.RunAsync();
        await AddEmptyPartsAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, SteppedStore.Of(store, StepAsync), SmallParts, time: time);
        using ViewReader reader = await ViewReader.OpenAsync(_folder.Path);
        using var ended = new CancellationTokenSource();
        _reading = Task.Run(() => Loop(reader, ended.Token), Cancellation);

        for (int publication = 1; publication <= Samples.Count(6, 50); publication++)
        {
            time.Advance(TimeSpan.FromHours(6));
            for (int i = 0; i < 90; i++)
                listing.InsertNewest();
            listing.Update(listing.At(100).Id, $"read {publication}");
            pauseAt = random.Next(3, 8);
            Manifest manifest = await harness.RunAsync();
            manifest.Files.Count(f => f.Dataset == Datasets.Messages.Name).ShouldBeGreaterThan(2, "a run that can be seen in part");
        }

        await ended.CancelAsync();
        (int loops, List<string> faults) = await _reading;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {steps} steps, {loops} loops over {ViewReader.Views.Count} views, {faults.Count} faults");
        faults.ShouldBeEmpty();
        loops.ShouldBeGreaterThan(1);
        reader.FindFaults().ShouldBeEmpty("the last run is seen by the loop after its manifest");

        // The steps follow each other at once, as they do on a fast disk, but for one: it waits for a reader who has just listed the parts,
        // and then as long as chance has it.
        async Task StepAsync(StorePath path)
        {
            steps++;
            if (--pauseAt != 0)
                return;
            foreach (bool reads in (bool[])[false, true])
            {
                while (OperatingSystem.IsLinux() && ReadsEmptyParts() != reads && !_reading!.IsCompleted)
                    await Task.Delay(1, Cancellation);
            }

            await Task.Delay((0.2 + (0.6 * random.NextDouble())) * _lastQuery, Cancellation);
        }
    }

    /// <summary>Files without rows, to which no manifest leads: a reader that lists parts first is busy with them for long before it lists
    /// the manifests.</summary>
    private async Task AddEmptyPartsAsync()
    {
        byte[] part = await Rows.PartAsync(PartFormat.Parquet, [[]], Cancellation);
        Directory.CreateDirectory(_folder.File(EmptyParts));
        for (int i = 0; i < 1_500; i++)
            await File.WriteAllBytesAsync(_folder.File($"{EmptyParts}/{i}.parquet"), part, Cancellation);
    }

    /// <summary>Whether this process has one of them open: the parts are listed, and most are still to be opened.</summary>
    private static bool ReadsEmptyParts() =>
        Directory.EnumerateFiles("/proc/self/fd").Any(file => new FileInfo(file).LinkTarget?.Contains($"/{EmptyParts}/", StringComparison.Ordinal) ?? false);

    private (int Loops, List<string> Faults) Loop(ViewReader reader, CancellationToken ended)
    {
        List<string> faults = [];
        for (int loops = 1; ; loops++)
        {
            foreach (string view in ViewReader.Views.OrderByDescending(v => v.StartsWith("message", StringComparison.Ordinal)))
            {
                long start = Stopwatch.GetTimestamp();
                if (reader.FaultOf(view) is { } fault)
                    faults.Add(fault);
                _lastQuery = Stopwatch.GetElapsedTime(start);
                if (ended.IsCancellationRequested)
                    return (loops, faults);
            }
        }
    }
}
