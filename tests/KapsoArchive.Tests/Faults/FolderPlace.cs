using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Faults;

/// <summary>An archive in a folder, which is looked at when it is at rest.</summary>
internal sealed class FolderPlace : KillPlace
{
    private readonly TemporaryFolder _folder = new();

    public FolderPlace()
    {
        Store = new FolderStore(_folder.Path);
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Archive__Destination"] = _folder.Path };
    }

    public override IStore Store { get; }

    public override IReadOnlyDictionary<string, string> Settings { get; }

    public override TimeSpan Delay => TimeSpan.Zero;

    public override IReadOnlyList<string> Violations => [];

    public override TimeSpan? LongestReveal => null;

    public override Task KillAsync(CliProcess process, KillPlan plan, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is killed here.");

    /// <summary>All that is not visible: staged files, and documents that were not renamed into place.</summary>
    public override IReadOnlyList<string> Staged()
    {
        string staging = _folder.File("_state/staging");
        return Directory.Exists(staging) ? [.. Directory.EnumerateFiles(staging, "*", SearchOption.AllDirectories)] : [];
    }

    public override Task<string> DataAsync(IReadOnlyList<string> files, CancellationToken cancellationToken) => Task.FromResult(_folder.Path);

    public override void Dispose() => _folder.Dispose();
}
