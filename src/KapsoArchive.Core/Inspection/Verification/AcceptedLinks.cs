namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Faults of the manifest chain that a person has examined and accepted: <c>accepted-links.json</c> of the state area. Each entry
/// contains both manifests' hashes, so that a later change of either is detected.</summary>
internal sealed record AcceptedLinks(IReadOnlyList<AcceptedLink> Links)
{
    public static readonly StorePath Path = new(StoreArea.State, "accepted-links.json");

    /// <exception cref="StoreException">The document is damaged.</exception>
    public static async Task<AcceptedLinks> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Path, cancellationToken) is not { } document)
            return new AcceptedLinks([]);
        try
        {
            return JsonSerializer.Deserialize(
                document.Content.Span, VerificationJson.Default.AcceptedLinks) is { Links: not null } accepted
                && accepted.Links.All(l => l is { RunId: not null, Sha256: not null })
                    ? accepted
                    : throw new JsonException("It lacks a required member.");
        }
        catch (JsonException e)
        {
            throw new StoreException(
                $"{Path.Name} of {store.LocationOf(StoreArea.State)} is damaged. It only lists the faults that were accepted: delete it, "
                + "and accept them again.", e);
        }
    }

    /// <summary>Records that a manifest's statement about the one before it is known to be wrong.</summary>
    public async Task<AcceptedLinks> AddAsync(
        IStore store, StoredManifest manifest, StoredManifest? before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accepted = new AcceptedLinks([.. Links, new AcceptedLink(manifest.RunId, manifest.Sha256, before?.RunId, before?.Sha256, now)]);
        await StoreDocuments.OverwriteAsync(
            store, Path, JsonSerializer.SerializeToUtf8Bytes(accepted, VerificationJson.Default.AcceptedLinks), cancellationToken);
        return accepted;
    }

    /// <summary>The acceptance of a link; null if its current state was not accepted.</summary>
    public AcceptedLink? Find(StoredManifest manifest, StoredManifest? before) => Links.FirstOrDefault(l =>
        (l.RunId, l.Sha256, l.BeforeRunId, l.BeforeSha256) == (manifest.RunId, manifest.Sha256, before?.RunId, before?.Sha256));
}

/// <param name="RunId">The run whose manifest makes the wrong statement.</param>
/// <param name="Sha256">The hash of that manifest.</param>
/// <param name="BeforeRunId">The run before it in the archive; null for the first run.</param>
/// <param name="BeforeSha256">The hash of that run's manifest.</param>
internal sealed record AcceptedLink(string RunId, string Sha256, string? BeforeRunId, string? BeforeSha256, DateTimeOffset AcceptedAt);
