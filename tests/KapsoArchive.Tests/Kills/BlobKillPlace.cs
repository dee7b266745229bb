using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>An archive in blob containers, which is looked at again and again.</summary>
internal sealed class BlobKillPlace : KillPlace
{
    private static readonly StorePath Latest = new(StoreArea.State, "latest.json");
    private static readonly StorePath Catalog = new(StoreArea.State, "index/catalog");

    private readonly TemporaryFolder _copy = new();

    public BlobKillPlace(string connection, string container)
    {
        Store = BlobStore.FromConnectionString(connection, container);
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Archive__ConnectionString"] = connection, ["Archive__Container"] = container };
    }

    public override IStore Store { get; }

    public override IReadOnlyDictionary<string, string> Settings { get; }

    public override TimeSpan Delay => TimeSpan.FromMilliseconds(20);

    public override IReadOnlyList<string> Violations => [];

    public override TimeSpan? LongestReveal => null;

    public override async Task KillAsync(CliProcess process, KillPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Step != KillStep.None)
            await SeeAsync(process, plan, cancellationToken);
        await WaitAsync(process, plan.Delay, cancellationToken);
        process.Kill();
        await process.ExitedAsync(cancellationToken);
    }

    /// <summary>The tables, in the order of their commits.</summary>
    private static readonly string[] LogOf = ["messages", "conversations", "media"];

    public override IReadOnlyList<string> Staged() => [];

    public override async Task<string> DataAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        foreach (string name in files.Where(f => !File.Exists(_copy.File(f))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_copy.File(name))!);
            await using Stream source = (await Store.OpenReadAsync(new StorePath(StoreArea.Data, name), cancellationToken)).ShouldNotBeNull(name);
            await using FileStream target = File.Create(_copy.File(name));
            await source.CopyToAsync(target, cancellationToken);
        }

        return _copy.Path;
    }

    public override void Dispose() => _copy.Dispose();

    /// <summary>Returns as soon as the step is seen, or the process has ended. What a listing does not tell is taken for the step before it.</summary>
    private async Task SeeAsync(CliProcess process, KillPlan plan, CancellationToken cancellationToken)
    {
        Task exited = process.ExitedAsync(cancellationToken);
        Func<Task<bool>> isDone = plan.Step switch
        {
            KillStep.Document or KillStep.JournalEntry or KillStep.Staged => async () => await CountAsync(StoreArea.State, "journal/", cancellationToken) >= Math.Min(plan.Nth, 3),
            KillStep.Commit => async () => await HasCommitAsync(cancellationToken),
            KillStep.Part => await MoreAsync(StoreArea.Data, "", plan.Nth, cancellationToken),
            KillStep.Manifest => await MoreAsync(StoreArea.Data, "_manifests/", 1, cancellationToken),
            KillStep.TableCommit => await MoreAsync(StoreArea.Data, $"{LogOf[plan.Nth - 1]}/_delta_log/", 1, cancellationToken),
            KillStep.Pointer or KillStep.Leaf => await ChangedAsync(Latest, cancellationToken),
            _ => await ChangedAsync(Catalog, cancellationToken),
        };
        while (!exited.IsCompleted && !await isDone())
            await Task.Delay(1, cancellationToken);
    }

    private async Task<Func<Task<bool>>> MoreAsync(StoreArea area, string prefix, int more, CancellationToken cancellationToken)
    {
        int before = await CountAsync(area, prefix, cancellationToken);
        return async () => await CountAsync(area, prefix, cancellationToken) >= before + more;
    }

    private async Task<Func<Task<bool>>> ChangedAsync(StorePath path, CancellationToken cancellationToken)
    {
        string? before = (await Store.ReadAsync(path, cancellationToken))?.ETag;
        return async () => (await Store.ReadAsync(path, cancellationToken))?.ETag != before;
    }

    private async Task<bool> HasCommitAsync(CancellationToken cancellationToken) =>
        await Store.ListAsync(StoreArea.State, "journal/", cancellationToken).AnyAsync(f => f.Path.Name.EndsWith("/commit.json", StringComparison.Ordinal), cancellationToken);

    private async Task<int> CountAsync(StoreArea area, string prefix, CancellationToken cancellationToken) =>
        await Store.ListAsync(area, prefix, cancellationToken).CountAsync(cancellationToken);
}
