using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Journal;

/// <summary>The first document of a run's journal: the request, and what another process needs to continue the run.</summary>
/// <param name="Kind">Kind of the run.</param>
/// <param name="Range">For an export: which messages.</param>
/// <param name="Conversations">The listed ids; null for all.</param>
/// <param name="Full">Whether to read every page of every conversation.</param>
/// <param name="Previous">The preceding committed run; null for the first.</param>
/// <param name="Progress">Progress of the run when it was last resumed; see <see cref="RunState.Progress"/>.</param>
/// <param name="Stalled">How many times the run was resumed since it last made progress.</param>
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
    /// <summary>W3C trace context of the slice that last resumed the run, to which the next slice is linked; null without
    /// tracing.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Number of the journal's entries when the run was last resumed.</summary>
    public int Entries { get; init; }

    /// <summary>The conversations whose missing messages a person accepted as removed; null for none.</summary>
    public IReadOnlyList<string>? AcceptedRemovals { get; init; }

    /// <summary>Version of <see cref="Fingerprint"/> with which the run detects new messages; null for the first, which heads did not
    /// record.</summary>
    public int? FingerprintVersion { get; init; }

    /// <summary>For an export: which messages, and from where; null for an archive run.</summary>
    public ExportChoice? Choice { get; init; }

    /// <summary>For an export from both sources: why Kapso could not be asked, in sentences. The rest is then from the archive
    /// alone.</summary>
    public string? Unavailable { get; init; }

    /// <summary>For an export: whether to make one zip of its files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Zip { get; init; }

    /// <summary>Whether the run reads no conversation, and only fetches the files that wait, each at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnlyFiles { get; init; }

    /// <summary>Whether it is the nightly run, which leaves a mark when it is committed; see <see cref="Nights"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNightly { get; init; }

    /// <summary>For an export: the zone of the times in its documents; null for UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    /// <summary>Whether the run records, after its commit, where the archive is written: see <see cref="ArchivePlace"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAtNewPlace { get; init; }

    /// <summary>Damage that the run found in documents of the archive, in sentences; null for none.</summary>
    public IReadOnlyList<string>? Damages { get; init; }

    /// <summary>How far the clock with which the run began is ahead of the time that the run takes as the present, in seconds.</summary>
    public long ClockAheadSeconds { get; init; }

    /// <summary>What is wrong with the clocks, in sentences; null if nothing is.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Number of times a worker began to work on the run since it last made progress, the present time included.</summary>
    public int Attempts { get; init; }

    /// <summary>Workers leave the run alone until then, because an attempt failed; null for no pause.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether workers gave the run up after its last attempt. What was read is kept: the next nightly run goes on from
    /// there.</summary>
    public bool GivenUp { get; init; }

    /// <summary>Where what is left comes from.</summary>
    [JsonIgnore]
    public ExportSource Source => Unavailable is not null ? ExportSource.Archive : Choice?.Source ?? ExportSource.Kapso;

    [JsonIgnore]
    public bool AllVersions => Choice?.AllVersions == true;

    [JsonIgnore]
    public int Fingerprints => FingerprintVersion ?? 1;

    public RunStamp Run => new(RunId, StartedAt);

    /// <summary>The formats in which parts are written while the source is read. HTML pages and a workbook are made later from Parquet
    /// parts.</summary>
    public IReadOnlyList<PartFormat> PartFormats => HasPages || HasWorkbook
        ? [.. Formats.Append(PartFormat.Parquet).Where(f => f is not (PartFormat.Html or PartFormat.Xlsx)).Distinct()]
        : Formats;

    public bool HasPages => Formats.Contains(PartFormat.Html);

    [JsonIgnore]
    public bool HasWorkbook => Formats.Contains(PartFormat.Xlsx);

    /// <summary>Whether other files are made from the parts, which become visible before them.</summary>
    [JsonIgnore]
    public bool NeedsParts => HasPages || HasWorkbook || Zip;

    public RunLayout Layout => new(Run, Kind);

    /// <summary>The area in which the run's files become visible.</summary>
    public StoreArea Area => CommittedRuns.AreaOf(Kind);

    /// <summary>Path of the future manifest.</summary>
    public StorePath Manifest => CommittedRuns.PathOf(Run.RunId, Kind);

    /// <param name="damages">Damage that the run reports.</param>
    public static JournalHead Of(RunRequest request, RunStamp run, NewestRun newest, params IReadOnlyList<string> damages) =>
        Of(request, run, newest.Previous) with { Damages = damages.Union(newest.Damages).ToArray() is { Length: > 0 } all ? all : null };

    /// <summary>The head of an archive run, which also reports what is odd about the place of the archive.</summary>
    /// <inheritdoc cref="Of(RunRequest, RunStamp, NewestRun, IReadOnlyList{string})"/>
    public static async Task<JournalHead> AtPlaceAsync(
        IStore store, RunRequest request, RunStamp run, NewestRun newest, IReadOnlyList<string> damages,
        CancellationToken cancellationToken)
    {
        (string? warning, bool isNew) = await ArchivePlace.CheckAsync(store, newest.RunId, cancellationToken);
        return Of(request, run, newest, warning is null ? damages : [warning, .. damages]) with { IsAtNewPlace = isNew };
    }

    public static JournalHead Of(RunRequest request, RunStamp run, ManifestPrevious? previous) =>
        new(
            run.RunId, request.Kind, request.Range, run.ArchivedAt, request.Trigger, request.Formats, request.Conversations.Ids,
            request.Full, previous, Progress: 0, Stalled: 0)
        {
            FingerprintVersion = Fingerprint.CurrentVersion,
            AcceptedRemovals = request.AcceptedRemovals.Count > 0 ? request.AcceptedRemovals : null,
            Choice = request.Kind == RunKind.Export ? request.Choice : null,
            Zip = request.Zip,
            OnlyFiles = request.OnlyFiles,
            IsNightly = request.IsNightly,
            TimeZone = request.TimeZone,
        };

    /// <summary>The head with the time that the run takes as the present.</summary>
    public JournalHead At(PresentTime present) => this with
    {
        StartedAt = present.At,
        ClockAheadSeconds = (long)(StartedAt - present.At).TotalSeconds,
        Warnings = present.Warning is { } warning ? [warning] : null,
    };

    /// <summary>The head of the run when it is resumed once more, before the work begins.</summary>
    /// <param name="state">Its state until now.</param>
    /// <param name="isAttempt">Whether a worker resumes it, which counts its attempts. A person may try as often as they like.</param>
    public JournalHead TakenUp(RunState state, bool isAttempt) => this with
    {
        Progress = state.Progress,
        Stalled = state.Progress > Progress ? 0 : Stalled + 1,
        Entries = state.NextCheckpoint,
        Attempts = !isAttempt ? 0 : state.Progress > Progress ? 1 : Attempts + 1,
        NotBefore = null,
        GivenUp = false,
    };
}
