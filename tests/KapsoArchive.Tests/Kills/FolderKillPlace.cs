using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>An archive in a folder, which is watched as it changes.</summary>
internal sealed class FolderKillPlace : KillPlace
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderWatch _watch;

    public FolderKillPlace()
    {
        Store = new FolderStore(_folder.Path);
        _watch = new FolderWatch(_folder.Path);
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Archive__Destination"] = _folder.Path };
    }

    public override IStore Store { get; }

    public override IReadOnlyDictionary<string, string> Settings { get; }

    public override TimeSpan Delay => TimeSpan.FromMilliseconds(8);

    public override IReadOnlyList<string> Violations => _watch.Violations;

    public override TimeSpan? LongestReveal => _watch.LongestReveal;

    public override async Task KillAsync(CliProcess process, KillPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Step == KillStep.None)
        {
            _watch.Begin(null, () => { });
            await WaitAsync(process, plan.Delay, cancellationToken);
            process.Kill();
        }
        else
        {
            // On the watch's own thread: the next step is a fraction of a millisecond away.
            _watch.Begin(plan, process.Kill);
        }

        await process.ExitedAsync(cancellationToken);
        _watch.End();
    }

    public override IReadOnlyList<string> Staged()
    {
        string staging = _folder.File("_state/staging");
        return !Directory.Exists(staging) ? [] :
        [
            .. Directory.EnumerateDirectories(staging)
                .Where(stage => Path.GetFileName(stage)[0] != '.')
                .SelectMany(stage => Directory.EnumerateFiles(stage).Prepend(stage)),
        ];
    }

    public override Task<string> DataAsync(IReadOnlyList<string> files, CancellationToken cancellationToken) => Task.FromResult(_folder.Path);

    public override void Dispose()
    {
        _watch.Dispose();
        _folder.Dispose();
    }
}
