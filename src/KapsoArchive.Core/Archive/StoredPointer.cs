namespace KapsoArchive.Core.Archive;

/// <summary><c>latest.json</c> in the store, whether readable or not.</summary>
/// <param name="Pointer">Null if it is missing or cannot be used.</param>
/// <param name="Problem">Why it cannot be used: the predicate of a sentence. Null if it can be used or is missing.</param>
/// <param name="ETag">Null if it is missing.</param>
internal sealed record StoredPointer(LatestPointer? Pointer, string? Problem, string? ETag)
{
    private const int HashLength = 64;

    public bool IsMissing => ETag is null;

    /// <exception cref="RefusedFileException">Its path is not that of a regular file.</exception>
    public static async Task<StoredPointer> ReadAsync(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(LatestSnapshot.Latest, cancellationToken) is { } document
            ? Of(document)
            : new StoredPointer(null, null, null);

    /// <summary>Whether a committed run may not have written it yet: it is missing, or points at an earlier run.</summary>
    public bool IsBehind(string newestRunId) =>
        IsMissing || (Pointer is { } pointer && string.CompareOrdinal(pointer.RunId, newestRunId) < 0);

    /// <summary>How it disagrees with the newest manifest: the predicate of a sentence about it; null if it agrees.</summary>
    /// <param name="newest">Null if no run is committed.</param>
    public string? Against(StoredManifest? newest)
    {
        if (Problem is not null)
            return Problem;
        if (newest?.Manifest?.Status == Manifest.Closed && IsBehind(newest.RunId))
            return null; // A closed run is not a snapshot: the pointer stays at the one before.
        if (newest is null)
            return Pointer is null ? null : $"points at run {Pointer.RunId}, but no run is committed";
        if (Pointer is null)
            return $"is missing, although the newest committed run is {newest.RunId}";
        if (Pointer.RunId != newest.RunId)
            return $"points at run {Pointer.RunId}, but the newest committed run is {newest.RunId}";
        if (newest is not { Manifest: { } manifest, WhatIsWrong: null })
            return null; // Then the manifest is wrong.
        if (Pointer.Sha256 != newest.Sha256)
            return $"says that {newest.Path} has the SHA-256 {Pointer.Sha256}, but it has {newest.Sha256}: one of the two was changed";
        return manifest.FinishedAt == Pointer.FinishedAt
            ? null
            : $"says that the run finished at {Pointer.FinishedAt:O}, but {newest.Path} says {manifest.FinishedAt:O}";
    }

    private static StoredPointer Of(StoredDocument document)
    {
        try
        {
            var pointer = LatestPointer.FromJson(document.Content.Span);
            return ProblemOf(pointer, document) is { } problem
                ? new StoredPointer(null, problem, document.ETag)
                : new StoredPointer(pointer, null, document.ETag);
        }
        catch (JsonException e)
        {
            return new StoredPointer(null, $"cannot be read: {e.Message.TrimEnd('.')}", document.ETag);
        }
    }

    private static string? ProblemOf(LatestPointer pointer, StoredDocument document) =>
        pointer is not { RunId: not null, Manifest: not null, Sha256: not null } ? "lacks a required member"
        : !RunId.LeavesRoom(pointer.RunId) ? $"points at {pointer.RunId}, which is not a valid run id"
        : pointer.Manifest != Layout.Manifest(pointer.RunId) || !IsHash(pointer.Sha256)
            || !document.Content.Span.SequenceEqual(pointer.ToJson())
            ? "does not have the form that a run writes"
        : null;

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
