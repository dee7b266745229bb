using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace KapsoArchive.Tests.Kills;

/// <summary>Sees what happens in a folder archive as it happens: acts at a planned step, and notes what a reader must not see.</summary>
internal sealed class FolderWatch : IDisposable
{
    private const string Journal = "_state/journal/";
    private const string CommitName = "/commit.json";
    private const string Log = "/_delta_log/";
    private const int RunIdLength = 25;

    /// <summary>For a file behind messages, whose name does not tell its run.</summary>
    private const string AnyRun = "";

    private readonly string _root;
    private readonly FileSystemWatcher _watcher;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly Dictionary<string, long> _firstSeen = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private KillPlan? _plan;
    private Action _act = () => { };
    private int _count;

    public FolderWatch(string root)
    {
        _root = root;
        _watcher = new FileSystemWatcher(root) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName, InternalBufferSize = 1 << 16 };
        _watcher.Created += (_, e) => Appeared(e.FullPath);
        _watcher.Renamed += (_, e) => Appeared(e.FullPath);
        _watcher.Deleted += (_, e) => Vanished(e.FullPath);
        _watcher.EnableRaisingEvents = true;
    }

    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>From the first visible part of a run to its manifest, where one process did both.</summary>
    public TimeSpan LongestReveal { get; private set; }

    /// <summary>A process is under way; at the planned step the action is carried out, once.</summary>
    public void Begin(KillPlan? plan, Action act)
    {
        lock (_lock)
        {
            _firstSeen.Clear();
            (_plan, _act, _count) = (plan, act, 0);
        }
    }

    /// <summary>The process has ended.</summary>
    public void End() => Begin(plan: null, () => { });

    public void Dispose() => _watcher.Dispose();

    private void Appeared(string file)
    {
        string name = Name(file);
        KillStep step = name switch
        {
            _ when name.StartsWith("_state/staging/.documents/", StringComparison.Ordinal) => KillStep.Document,
            _ when name.StartsWith("_state/staging/", StringComparison.Ordinal) => name.Count(c => c == '/') == 3 ? KillStep.Staged : KillStep.None,
            _ when name.StartsWith(Journal, StringComparison.Ordinal) && name.EndsWith(CommitName, StringComparison.Ordinal) => KillStep.Commit,
            _ when name.StartsWith(Journal, StringComparison.Ordinal) => name.Count(c => c == '/') == 3 ? KillStep.JournalEntry : KillStep.None,
            "_state/latest.json" => KillStep.Pointer,
            "_state/index/catalog" => KillStep.Catalog,
            _ when name.StartsWith("_state/index/leaves/", StringComparison.Ordinal) => KillStep.Leaf,
            _ when name.StartsWith("_state", StringComparison.Ordinal) => KillStep.None,
            _ when name.StartsWith("_manifests/", StringComparison.Ordinal) => KillStep.Manifest,
            _ when name.Contains(Log, StringComparison.Ordinal) => Path.HasExtension(name) ? KillStep.TableCommit : KillStep.None,
            _ => Path.HasExtension(name) ? KillStep.Part : KillStep.None,
        };
        Happened(step);
        if (step is KillStep.Part or KillStep.Manifest)
            Seen(step, name);
        else if (step == KillStep.TableCommit && FilesIn("_manifests", "*.json").Count() <= int.Parse(Path.GetFileName(name).AsSpan(0, 20), CultureInfo.InvariantCulture))
            _violations.Enqueue($"{name} was visible before its manifest.");
    }

    private void Vanished(string file)
    {
        string name = Name(file);
        if (name.StartsWith(Journal, StringComparison.Ordinal) && Path.HasExtension(name))
            Happened(KillStep.JournalDeletion);
    }

    private void Happened(KillStep step)
    {
        lock (_lock)
        {
            if (_plan is not { } plan || plan.Step != step || ++_count != plan.Nth)
                return;
            long begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < plan.Delay)
                Thread.SpinWait(20);
            _act();
            _plan = null;
        }
    }

    private void Seen(KillStep step, string name)
    {
        string file = Path.GetFileName(name);
        bool isMedia = name.StartsWith("_media/", StringComparison.Ordinal);
        string run = isMedia ? AnyRun : file[..RunIdLength];
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (step == KillStep.Part)
                _firstSeen.TryAdd(run, now);
            else
            {
                foreach (string begun in (string[])[run, AnyRun])
                {
                    if (_firstSeen.Remove(begun, out long first) && Stopwatch.GetElapsedTime(first, now) is var length && length > LongestReveal)
                        LongestReveal = length;
                }
            }
        }

        // In this order: the journal goes only after the manifest has come.
        if (step == KillStep.Part && !(isMedia ? IsNamed(name) : File.Exists(Path.Combine(_root, $"{Journal}{run}{CommitName}")) || File.Exists(Path.Combine(_root, $"_manifests/{run}.json"))))
            _violations.Enqueue($"{file} was visible, and its run was neither committed nor ready to be.");
    }

    /// <summary>Whether a run names a file behind messages that is committed, or ready to be.</summary>
    private bool IsNamed(string name)
    {
        string hash = Path.GetFileNameWithoutExtension(name);
        return FilesIn(Journal, CommitName[1..]).Concat(FilesIn("_manifests", "*.json")).Any(f => Has(f, hash));
    }

    private IEnumerable<string> FilesIn(string folder, string pattern) => Directory.Exists(Path.Combine(_root, folder))
        ? Directory.EnumerateFiles(Path.Combine(_root, folder), pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        : [];

    /// <summary>Whether a document has a text; not if it vanishes meanwhile.</summary>
    private static bool Has(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Contains(text, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Name(string file) => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/');
}
