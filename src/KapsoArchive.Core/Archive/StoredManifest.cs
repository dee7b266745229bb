namespace KapsoArchive.Core.Archive;

/// <summary>A manifest in the store, whether readable or not.</summary>
/// <param name="Path">Its name in the data area.</param>
/// <param name="RunId">The run, according to that name.</param>
/// <param name="Sha256">Hash of its bytes.</param>
/// <param name="Manifest">Null if it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null if it can.</param>
internal sealed record StoredManifest(string Path, string RunId, string Sha256, Manifest? Manifest, string? Problem)
{
    /// <summary>What is wrong with it, as far as it shows by itself: the predicate of a sentence. Null if nothing is.</summary>
    public string? WhatIsWrong =>
        Problem
        ?? (Manifest!.RunId != RunId ? $"contains the manifest of run {Manifest.RunId}"
        : Manifest.Kind != "archive" ? $"contains the manifest of an {Manifest.Kind}"
        : null);

    public static StoredManifest Of(string runId, StorePath path, StoredDocument document)
    {
        ReadOnlySpan<byte> json = document.Content.Span;
        Manifest? manifest = null;
        string? problem = null;
        try
        {
            manifest = Manifest.FromJson(json);
            problem = IsWhole(manifest) ? null : "lacks a required member";
        }
        catch (JsonException e)
        {
            problem = $"cannot be read: {e.Message.TrimEnd('.')}";
        }

        return new StoredManifest(
            path.Name, runId, Convert.ToHexStringLower(SHA256.HashData(json)), problem is null ? manifest : null, problem);
    }

    /// <summary>Whether no required member is null. JSON may have null, or lack a member, although its type is not nullable.</summary>
    private static bool IsWhole(Manifest manifest) =>
        manifest is
        {
            RunId: not null,
            Status: not null,
            Request.Conversations: not null,
            Totals: { Conversations: not null, Rows: not null },
            Files: not null,
            Incomplete: not null,
        }
        && manifest.Files.Concat(manifest.Abandoned ?? [])
            .All(f => f is { Path: not null, Dataset: not null, Format: not null, Sha256: not null })
        && manifest.Incomplete.All(i => i is { ConversationId: not null, Outcome: not null })
        && manifest.Previous is null or { RunId: not null }; // Its hash is checked with the chain.
}
