using System.Text.Json.Serialization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal;

/// <summary>The first document of a run's journal: what was asked for, and what the run needs to be the same run in another
/// process.</summary>
/// <param name="Kind">What the run is for.</param>
/// <param name="Range">Of an export: which messages.</param>
/// <param name="Conversations">The listed ids; null for all.</param>
/// <param name="Full">Whether every conversation is to be read whole.</param>
/// <param name="Previous">The committed run before this one; null for the first.</param>
/// <param name="Progress">How far the run was when it was last taken up; see <see cref="RunState.Progress"/>.</param>
/// <param name="Stalled">How often the run was taken up since it was further.</param>
internal sealed record JournalHead(
    [property: JsonRequired] string RunId,
    RunKind Kind,
    TimeRange Range,
    [property: JsonRequired] DateTimeOffset StartedAt,
    [property: JsonRequired] string Trigger,
    [property: JsonRequired] IReadOnlyList<PartFormat> Formats,
    IReadOnlyList<string>? Conversations,
    bool Full,
    ManifestPrevious? Previous,
    long Progress,
    int Stalled)
{
    /// <summary>The span of the slice that took the run up last, as W3C writes it, for the next to be linked to; null where nobody
    /// traces.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The conversations of which a person said that what is missing was removed; null for none.</summary>
    public IReadOnlyList<string>? AcceptedRemovals { get; init; }

    /// <summary>The version of <see cref="Fingerprint"/> by which the run tells what is new; null for the first, of which heads did not
    /// speak.</summary>
    public int? FingerprintVersion { get; init; }

    /// <summary>What of the archive's documents the run found damaged, in sentences; null for nothing.</summary>
    public IReadOnlyList<string>? Damages { get; init; }

    /// <summary>How many seconds the clock by which the run began is ahead of the time that the run takes as the present.</summary>
    public long ClockAheadSeconds { get; init; }

    /// <summary>What is wrong with the clocks, in sentences; null if nothing is.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    [JsonIgnore]
    public int Fingerprints => FingerprintVersion ?? 1;

    public RunStamp Run => new(RunId, StartedAt);

    /// <summary>The formats in which parts are written while the source is read. Pages are made from Parquet parts afterwards.</summary>
    public IReadOnlyList<PartFormat> PartFormats => HasPages ? [.. Formats.Append(PartFormat.Parquet).Where(f => f != PartFormat.Html).Distinct()] : Formats;

    public bool HasPages => Formats.Contains(PartFormat.Html);

    public RunLayout Layout => new(Run, Kind);

    /// <summary>The area in which the run's files become visible.</summary>
    public StoreArea Area => AreaOf(Kind);

    /// <summary>Where the manifest will lie.</summary>
    public StorePath Manifest => ManifestOf(Run, Kind);

    /// <param name="damages">Of which the run tells.</param>
    public static JournalHead Of(RunRequest request, RunStamp run, NewestRun newest, params IReadOnlyList<string> damages) =>
        Of(request, run, newest.Previous) with { Damages = damages.Union(newest.Damages).ToArray() is { Length: > 0 } all ? all : null };

    public static JournalHead Of(RunRequest request, RunStamp run, ManifestPrevious? previous) =>
        new(run.RunId, request.Kind, request.Range, run.ArchivedAt, request.Trigger, request.Formats, request.Conversations.Ids, request.Full, previous, Progress: 0, Stalled: 0)
        {
            FingerprintVersion = Fingerprint.CurrentVersion,
            AcceptedRemovals = request.AcceptedRemovals.Count > 0 ? request.AcceptedRemovals : null,
        };

    /// <summary>The head with the time that the run takes as the present.</summary>
    public JournalHead At(PresentTime present) => this with
    {
        StartedAt = present.At,
        ClockAheadSeconds = (long)(StartedAt - present.At).TotalSeconds,
        Warnings = present.Warning is { } warning ? [warning] : null,
    };

    /// <summary>The head of the run that is taken up once more.</summary>
    public JournalHead TakenUp(long progress) => this with { Progress = progress, Stalled = progress > Progress ? 0 : Stalled + 1 };

    /// <summary>Where the manifest of a run lies. It depends on the run's id alone, and not on when it began.</summary>
    public static StorePath ManifestOf(RunStamp run, RunKind kind)
    {
        var layout = new RunLayout(run, kind);
        return new StorePath(AreaOf(kind), layout.Folder + layout.Manifest);
    }

    /// <summary>The area in which the files of such a run become visible.</summary>
    public static StoreArea AreaOf(RunKind kind) => kind == RunKind.Export ? StoreArea.Exports : StoreArea.Data;
}
