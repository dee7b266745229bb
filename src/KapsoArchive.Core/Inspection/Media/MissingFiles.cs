using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Inspection.Media;

/// <summary>The files behind messages that the archive does not have.</summary>
/// <param name="Snapshot">The newest committed run.</param>
/// <param name="Waiting">Files that are tried again, those that were not tried yet included.</param>
/// <param name="Untried">Files that no run had time for yet. They have no entry below.</param>
/// <param name="Missing">The last attempt for each file that is not stored, newest first.</param>
public sealed record MissingFiles(string Snapshot, long Waiting, long Untried, IReadOnlyList<MissingFile> Missing)
{
    /// <exception cref="SettingException">No run has been committed there.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file is damaged.</exception>
    public static async Task<MissingFiles> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        await CheckArchiveAsync(store, cancellationToken);
        Dictionary<UInt128, MediaRow?> missing = []; // Null for a file that is stored, whatever was tried later.
        string snapshot = "";
        try
        {
            await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(upTo: null, comparesBytes: false, cancellationToken))
            {
                snapshot = run.RunId;
                await run.ReadMediaAsync(conversationId: null, row => Add(row, missing), cancellationToken);
            }
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }

        long waiting = (await WaitingFiles.ReadAsync(store, cancellationToken))?.Waiting ?? 0;
        MediaRow[] rows = [.. missing.Values.OfType<MediaRow>()];
        long tried = rows.LongCount(r => r.Outcome == MediaOutcome.Waiting);
        return new MissingFiles(
            snapshot, Math.Max(waiting, tried), Math.Max(0, waiting - tried),
            [.. rows.OrderByDescending(r => r.Run.RunId, StringComparer.Ordinal).Select(MissingFile.Of)]);
    }

    /// <exception cref="SettingException">No run has been committed there.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static Task CheckArchiveAsync(IStore store, CancellationToken cancellationToken) =>
        ArchivePresence.CheckAsync(store, cancellationToken);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MissingFilesJson.Default.MissingFiles);

    private static void Add(MediaRow row, Dictionary<UInt128, MediaRow?> missing)
    {
        UInt128 key = WaitingFile.KeyOf(row);
        if (row.CountsAfter(missing.TryGetValue(key, out MediaRow? before) && before is null))
            missing[key] = row.Outcome == MediaOutcome.Stored ? null : row;
    }
}

/// <summary>A file that the archive does not have.</summary>
/// <param name="FileName">As the message has it.</param>
/// <param name="ContentType">As the message declares it.</param>
/// <param name="Outcome"><c>waiting</c>, <c>gone</c>, <c>too_large</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Reason">In words.</param>
/// <param name="Attempts">The nights that have tried it.</param>
/// <param name="RunId">The run that tried it last.</param>
public sealed record MissingFile(
    string ConversationId, string MessageId, string? FileName, string? ContentType, string Outcome, string? Reason, long Attempts,
    string RunId)
{
    internal static MissingFile Of(MediaRow row) => new(
        row.ConversationId, row.MessageId, row.FileName, row.ContentType, Datasets.Name(row.Outcome), row.Reason, row.Attempts,
        row.Run.RunId);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(MissingFiles))]
internal sealed partial class MissingFilesJson : JsonSerializerContext;
