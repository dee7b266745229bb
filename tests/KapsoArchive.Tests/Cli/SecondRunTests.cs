using System.Security.Cryptography;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>A run that is started while another is under way.</summary>
public sealed class SecondRunTests()
    : CliTest(new SandboxOptions { Conversations = 6, Messages = 200, RateLimit = Plenty, Window = TimeSpan.FromDays(1) })
{
    private const int Plenty = 1_000;

    private static readonly StorePath Lock = new(StoreArea.State, "lock");

    [Fact]
    public async Task A_second_run_names_the_first_and_takes_over_after_its_kill()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells at once that the holder is dead.");
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        List<string> before = Files();
        Sandbox.Rate = new SandboxRate { Limit = 1 }; // More was used, so the next run waits until tomorrow.
        await using CliProcess first = CliProcess.Start(Folder.Path, Settings, "run", "--conversations", "all", "--out", "lake");
        LockHolder holder = await HolderAsync(first);

        CliResult second = await RunAsync("run", "--conversations", "all", "--out", "lake");

        second.ExitCode.ShouldBe(5);
        second.Output.ShouldBeEmpty();
        second.Error.ShouldStartWith($"{Folder.File("lake")} is in use by {Environment.MachineName}, process {first.Id}, since {holder.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC (an archive run started by cli).");
        Files().ShouldBe(before);
        first.HasExited.ShouldBeFalse();

        first.Kill();
        await first.ExitedAsync(Cancellation);
        Sandbox.Rate = new SandboxRate { Limit = Plenty };
        CliResult third = await RunAsync("run", "--conversations", "all", "--out", "lake");

        third.ExitCode.ShouldBe(0, third.Error);
        third.Error.ShouldMatch(@"The unfinished run \S+ was finished first");
        before.ShouldBeSubsetOf(Files());
        Visible("lake").Count(f => f.StartsWith("messages/", StringComparison.Ordinal)).ShouldBe(1, "nothing is new");
    }

    [Fact]
    public async Task The_second_of_two_runs_reports_the_lock_as_JSON()
    {
        await using StoreLock held = await new FolderStore(Folder.File("lake")).LockAsync(Lock, "a test", Cancellation);

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(5);
        result.Output.ShouldContain("\"exit_code\": 5");
        result.Output.ShouldContain("(a test)");
        Sandbox.RequestCount.ShouldBe(0);
    }

    private async Task<LockHolder> HolderAsync(CliProcess process)
    {
        var store = new FolderStore(Folder.File("lake"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            // With its journal begun it has something for the next run to go on from.
            if (await store.ReadLockAsync(Lock, patience.Token) is { } holder && holder.ProcessId == process.Id && HasBegun())
                return holder;
        }
        while (await timer.WaitForNextTickAsync(patience.Token));
        throw new InvalidOperationException("The timer ended.");
    }

    private List<string> Files() => [.. Visible("lake").Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Folder.File($"lake/{f}"))))}")];

    private bool HasBegun() => Directory.Exists(Folder.File("lake/_state/journal")) && Directory.EnumerateFiles(Folder.File("lake/_state/journal"), "run.json", SearchOption.AllDirectories).Any();
}
