using System.Diagnostics;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

/// <summary>A process that was suspended with the lock of a folder: everybody is told of it, a person can take the lock from it, and it spoils nothing when it goes on.</summary>
public sealed class SuspendedHolderTests() : CliTest(new SandboxOptions { Conversations = 2, Messages = 30, IncludeSamples = false })
{
    private const int SigStop = 19;
    private const int SigCont = 18;

    /// <summary>Where processes can be suspended and looked at.</summary>
    public static TheoryData<string> Systems => OperatingSystem.IsLinux() ? ["Linux"] : [];

    private FolderStore Store => new(Folder.File("lake"));

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_suspended_holder_is_named_and_its_lock_is_never_broken_without_asking(string system)
    {
        system.ShouldBe("Linux");
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        await using LockHoldingProcess holder = await HoldAsync();
        using Process process = Process.GetProcessById(holder.Id);
        Signal.Send(process, SigStop);
        try
        {
            CliResult night = await RunAsync("run", "--conversations", "all", "--out", "lake");
            CliResult breaking = await RunAsync("run", "--conversations", "all", "--out", "lake", "--break-lock");
            CliResult verification = await RunAsync("verify", "--out", "lake", "--break-lock");
            CliResult status = await RunAsync("status", "--out", "lake");

            (night.ExitCode, breaking.ExitCode, verification.ExitCode, status.ExitCode).ShouldBe((5, 5, 5, 0));
            foreach (string told in (string[])[night.Error, breaking.Error, verification.Error, status.Output])
            {
                told.ShouldContain($"process {holder.Id}, since ");
                told.ShouldContain($"That process is suspended. Continue it (kill -CONT {holder.Id}), end it (kill -KILL {holder.Id}), or take the lock from it with kapso-archive run --break-lock.");
            }

            breaking.Error.ShouldContain("there is no terminal to ask on");
            (await Store.ReadLockAsync(StoreLockContract.Lock, Cancellation))!.ProcessId.ShouldBe(holder.Id);
        }
        finally
        {
            Signal.Send(process, SigCont);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_lock_taken_from_a_suspended_holder_is_kept_and_the_holder_ends(string system)
    {
        system.ShouldBe("Linux");
        await using LockHoldingProcess holder = await HoldAsync();
        using Process process = Process.GetProcessById(holder.Id);
        Signal.Send(process, SigStop);
        FolderStore store = Store;
        StoreLockedException locked = await Should.ThrowAsync<StoreLockedException>(async () => await store.LockAsync(StoreLockContract.Lock, "another", Cancellation));

        await store.BreakLockAsync(StoreLockContract.Lock, locked.Holder, Cancellation);
        await using StoreLock held = await store.LockAsync(StoreLockContract.Lock, "another", Cancellation);
        await store.BreakLockAsync(StoreLockContract.Lock, locked.Holder, Cancellation);
        Signal.Send(process, SigCont);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        await process.WaitForExitAsync(patience.Token);
        (await store.ReadLockAsync(StoreLockContract.Lock, Cancellation)).ShouldBe(held.Holder, "the second breaking, of a lock that was gone, and the end of the first holder change nothing");
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        await Should.ThrowAsync<StoreLockedException>(async () => await store.LockAsync(StoreLockContract.Lock, "a third", Cancellation));
    }

    private async Task<LockHoldingProcess> HoldAsync()
    {
        LockHoldingProcess holder = await LockHoldingProcess.StartAsync(new Dictionary<string, string> { ["Archive__Destination"] = Folder.File("lake") }, Cancellation);
        await holder.HolderAsync(Store, Cancellation);
        return holder;
    }
}
