using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Fencing;

/// <summary>The program is suspended at random instants, its lease runs out, and another archives meanwhile.</summary>
public sealed class SuspendedProcessTests(AzuriteServer azurite)
{
    private const int SigStop = 19;
    private const int SigCont = 18;
    private static readonly string[] Arguments = ["run", "--conversations", "all"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspended_process_blocks_nobody_and_corrupts_nothing_when_it_continues()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signals' numbers are those of Linux.");
        string connection = await azurite.ConnectionStringAsync(Cancellation);
        string container = azurite.NewContainerName();
        using var place = new BlobKillPlace(connection, container);
        using var audit = new ArchiveAudit(place);
        using var working = new TemporaryFolder();
        var random = new Random();
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 1_000, Cancellation);
        Dictionary<string, string> settings = world.Settings();
        foreach ((string name, string value) in place.Settings)
            settings[name] = value;
        await RunAsync("the first run");

        for (int round = 0; round < Samples.Count(2, 25); round++)
        {
            world.Move();
            await using CliProcess suspended = CliProcess.Start(working.Path, settings, Arguments);
            await StepAsync(suspended, random.Next(1, 5));
            suspended.Send(SigStop);
            await BreakLeaseAsync();
            world.Move();
            await RunAsync($"round {round}, beside the suspended one");
            suspended.Send(SigCont);
            CliResult result = await suspended.EndAsync();
            result.Error.ShouldNotContain("Unexpected");
            await RunAsync($"round {round}: {result.ExitCode} {result.Error}");
        }

        await audit.CheckAllAsync(Cancellation);
        (await CliProcess.RunAsync(working.Path, settings, "verify")).ExitCode.ShouldBe(0);

        async Task RunAsync(string when)
        {
            CliResult result = await CliProcess.RunAsync(working.Path, settings, Arguments);
            result.ExitCode.ShouldBe(0, $"{when}: {result.Error}");
            if (world.TakeDeleted())
                (await CliProcess.RunAsync(working.Path, settings, Arguments)).ExitCode.ShouldBe(0, when);
            if (!when.Contains("beside", StringComparison.Ordinal))
                await audit.CheckAsync(world.Truth(), when, Cancellation);
        }

        async Task BreakLeaseAsync()
        {
            try
            {
                var state = new BlobContainerClient(connection, container + "-state");
                await state.GetBlobClient("lock").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409)
            {
                // It had none at that instant.
            }
        }

        // The journal has so many documents.
        async Task StepAsync(CliProcess process, int documents)
        {
            while (!process.HasExited && await place.Store.ListAsync(StoreArea.State, "journal/", Cancellation).CountAsync(Cancellation) < documents)
                await Task.Delay(1, Cancellation);
        }
    }
}
