using System.Globalization;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Kills;

/// <summary>What a store tells, after a kill, of the run that was under way.</summary>
/// <param name="Orphans">Visible files that neither a manifest names nor a run that is ready to be committed.</param>
internal sealed record StoreLook(KillPhase Phase, IReadOnlyList<string> Orphans)
{
    private const string Manifests = "_manifests/";

    public static async Task<StoreLook> TakeAsync(KillPlace place, ISet<string> committedBefore, CancellationToken cancellationToken)
    {
        IStore store = place.Store;
        string[] visible = await store.ListAsync(StoreArea.Data, "", cancellationToken).Select(f => f.Path.Name).ToArrayAsync(cancellationToken);
        string[] journal = await store.ListAsync(StoreArea.State, "journal/", cancellationToken).Select(f => f.Path.Name["journal/".Length..]).ToArrayAsync(cancellationToken);
        HashSet<string> committed = [.. visible.Where(n => n.StartsWith(Manifests, StringComparison.Ordinal)).Select(n => n[Manifests.Length..^".json".Length])];
        string[] runs = [.. journal.Where(n => n.EndsWith("/run.json", StringComparison.Ordinal)).Select(n => n[..n.IndexOf('/')])];
        string? run = runs.SingleOrDefault();
        JournalCommit? commit = run is null ? null : await new RunJournal(store, run).ReadCommitAsync(cancellationToken);

        HashSet<string> explained = [.. commit?.Files.Select(f => f.Entry.Path) ?? []];
        foreach (string id in committed)
        {
            byte[] json = (await store.ReadAsync(new StorePath(StoreArea.Data, Layout.Manifest(id)), cancellationToken))!.Content.ToArray();
            explained.UnionWith(Manifest.FromJson(json).Files.Select(f => f.Path).Append(Layout.Manifest(id)));
        }

        string[] orphans = [.. visible.Where(n => !explained.Contains(n) && !IsCommitOf(n, committed.Count))];
        if (run is null)
            return new StoreLook(journal.Length > 0 ? KillPhase.CleanUp : committed.SetEquals(committedBefore) ? KillPhase.Start : KillPhase.End, orphans);
        if (commit is null)
            return new StoreLook(place.Staged().Any(f => f.Contains(run, StringComparison.Ordinal)) ? KillPhase.Stage : KillPhase.Fetch, orphans);
        if (!committed.Contains(run))
            return new StoreLook(commit.Files.All(f => visible.Contains(f.Entry.Path)) ? KillPhase.Manifest : KillPhase.Reveal, orphans);
        if (await store.ReadAsync(new StorePath(StoreArea.State, Layout.LatestName), cancellationToken) is not { } latest || LatestPointer.FromJson(latest.Content.Span).RunId != run)
            return new StoreLook(KillPhase.Pointer, orphans);
        return new StoreLook((await ArchiveIndex.ReadAsync(store, cancellationToken)).Catalog.RunId != run ? KillPhase.Index : KillPhase.CleanUp, orphans);
    }

    /// <summary>Whether a file is the commit, or the checkpoint, of a Delta table for one of so many runs.</summary>
    private static bool IsCommitOf(string name, int runs) =>
        name.Contains("/_delta_log/", StringComparison.Ordinal) && int.Parse(Path.GetFileName(name).AsSpan(0, 20), CultureInfo.InvariantCulture) < runs;
}
