using System.Diagnostics;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

/// <summary>A person at a terminal is asked before a lock is taken from a suspended process. Only yes takes it.</summary>
public sealed class LockBreakingTests() : CliTest(new SandboxOptions())
{
    private const int SigStop = 19;
    private const int SigCont = 18;
    private const string Question = "Type yes to confirm: ";

    public static TheoryData<string, int> Answers => OperatingSystem.IsLinux() ? new() { { "yes", 0 }, { "no", 5 }, { "", 5 } } : [];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Only_yes_takes_the_lock_and_the_continued_holder_corrupts_nothing(string answer, int exitCode)
    {
        var store = new FolderStore(Folder.File("lake"));
        await using LockHoldingProcess holder = await LockHoldingProcess.StartAsync(
            new Dictionary<string, string> { ["Archive__Destination"] = store.Location }, Cancellation);
        LockHolder held = await holder.HolderAsync(store, Cancellation);
        using Process suspended = Process.GetProcessById(holder.Id);
        Signal.Send(suspended, SigStop);
        using var terminal = new PseudoTerminal();
        using Process program = Process.Start(terminal.Attach(CliProcess.Prepare(
            Folder.Path, Settings, "run", "--quiet", "--conversations", "all", "--out", "lake", "--break-lock"))).ShouldNotBeNull();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);

        await terminal.SeeAsync(Question, patience.Token);
        await terminal.TypeAsync(answer, patience.Token);
        await program.StandardOutput.ReadToEndAsync(patience.Token);
        await program.WaitForExitAsync(patience.Token);

        await terminal.SeeAsync("nothing", patience.Token);
        program.ExitCode.ShouldBe(exitCode, terminal.Screen);
        (await store.ReadLockAsync(StoreLockContract.Lock, Cancellation)).ShouldBe(exitCode == 0 ? null : held);
        Signal.Send(suspended, SigCont);
        if (exitCode != 0)
            return;
        await suspended.WaitForExitAsync(patience.Token);
        CliResult verify = await RunAsync("verify", "--out", "lake");
        verify.ExitCode.ShouldBe(0, verify.Output + verify.Error);
    }
}
