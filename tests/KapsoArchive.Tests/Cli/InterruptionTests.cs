using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>Runs that are ended while they wait for the source's rate limit, with something staged already.</summary>
public sealed class InterruptionTests()
    : CliTest(World with { RateLimit = 600, Window = TimeSpan.FromDays(1) })
{
    // Enough for the first rows to be on the disk before the limit is reached.
    private static readonly SandboxOptions World = new() { Conversations = 20, Messages = 60_000 };

    /// <summary>Less than the default share of the limit, after which the rate budget waits for the window to end.</summary>
    private const int Enough = 400;

    [Fact]
    public async Task An_interrupted_run_leaves_nothing_visible_and_announces_that_the_next_run_continues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using CliProcess process = await StartAsync();

        process.Send(CliProcess.Interruption);
        CliResult result = await process.EndAsync();

        result.ExitCode.ShouldBe(130);
        result.Error.ShouldContain("Interrupted. Nothing of this run is visible");
        result.Error.ShouldContain("The next run continues from there");
        result.Output.ShouldBeEmpty();
        Visible("lake").ShouldBeEmpty();

        await GoOnAsync(lessThan: 500);
    }

    [Fact]
    public async Task A_killed_run_leaves_nothing_visible_and_does_not_block_the_next()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using (CliProcess process = await StartAsync())
        {
            process.Send(CliProcess.SigKill);
            (await process.EndAsync()).ExitCode.ShouldBe(128 + CliProcess.SigKill);
        }

        Visible("lake").ShouldBeEmpty();
        Staged().ShouldNotBeEmpty();

        await GoOnAsync(lessThan: 1_000);
    }

    /// <summary>The next run finishes the one before, and finds nothing new then.</summary>
    private async Task GoOnAsync(long lessThan)
    {
        await using SandboxServer generous = await SandboxServer.StartAsync(World, time: null, Cancellation);
        Settings["Kapso__BaseUrl"] = generous.BaseUrl.ToString();
        CliResult next = await RunAsync("run", "--conversations", "all", "--out", "lake");

        next.ExitCode.ShouldBe(0, next.Error);
        next.Error.ShouldMatch(@"The unfinished run \S+ was finished first");
        generous.RequestCount.ShouldBeLessThan(lessThan);
        Visible("lake").Count(f => f.Contains("_manifests")).ShouldBe(2);
        Visible("lake").Count(f => f.EndsWith(".jsonl.gz", StringComparison.Ordinal)).ShouldBeInRange(1, 2, "no part of the second run: it had nothing new");
        Staged().ShouldBeEmpty();
    }

    private IEnumerable<string> Staged()
    {
        string stages = Folder.File("lake/_state/staging");
        return !Directory.Exists(stages) ? [] : Directory.EnumerateFiles(stages, "*", SearchOption.AllDirectories);
    }

    /// <summary>A run that has read something and now waits for longer than any test.</summary>
    private async Task<CliProcess> StartAsync()
    {
        CliProcess process = CliProcess.Start(Folder.Path, Settings, "run", "--conversations", "all", "--out", "lake");
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            patience.CancelAfter(Patience.Limit);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (Sandbox.RequestCount < Enough || !Staged().Any())
                await timer.WaitForNextTickAsync(patience.Token);
            return process;
        }
        catch (Exception)
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
