using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>A folder, a sandbox, and hands that deliver wake-ups one by one.</summary>
public abstract class DispatchTest : IDisposable
{
    protected static readonly SandboxOptions World = new() { Conversations = 12, Messages = 1_200 };

    private readonly TemporaryFolder _folder = new();

    protected DispatchTest() => Store = new FolderStore(_folder.Path);

    internal IStore Store { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    protected static Task<SandboxServer> SandboxAsync() => SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    protected static RunRequest Request(params string[] conversations) => new()
    {
        Kind = RunKind.Export,
        Conversations = conversations.Length == 0 ? ConversationSelection.All : ConversationSelection.Listed(conversations.Select(c => (c, "test")), "test"),
        Formats = [PartFormat.Parquet],
        Trigger = "http",
    };

    /// <summary>Handles the next message, as a function app does.</summary>
    internal static Task<RunMessage> NextAsync(RunHarness harness) => InterruptedAsync(harness, Cancellation);

    /// <summary>The same, in a program that ends meanwhile.</summary>
    internal static async Task<RunMessage> InterruptedAsync(RunHarness harness, CancellationToken interruption)
    {
        harness.Wakes.TryTake(out RunMessage? message).ShouldBeTrue("nothing wakes the worker");
        await harness.Worker.HandleAsync(message!.ToJson(), interruption);
        return message;
    }

    /// <summary>Handles messages until the export has ended.</summary>
    internal static async Task<ProgressDocument> EndAsync(RunHarness harness, string exportId)
    {
        while (true)
        {
            if (await harness.Exports.FindAsync(exportId, Cancellation) is { HasEnded: true } record)
                return record;
            await NextAsync(harness);
        }
    }

    internal async Task<IReadOnlyList<string>> NamesAsync(StoreArea area, string prefix = "") =>
        [.. await Store.ListAsync(area, prefix, Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];
}
