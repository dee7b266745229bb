namespace KapsoArchive.Core.Journal.Claims;

/// <summary>The right to execute one run, until another writer claims it. See <c>docs/decisions/13-fencing.md</c>.</summary>
internal sealed class RunClaim(RunClaims claims, string runId, string? predecessor, string phase)
{
    /// <summary>The claims of the archive or export to which this one belongs.</summary>
    public RunClaims Claims => claims;

    public bool IsPublishing { get; private set; } = phase == ClaimPhase.Publishing;

    /// <summary>Enters the publishing phase: from here on something of the run may become visible.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over. Nothing was made visible.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await claims.CreateAsync(runId, predecessor, ClaimPhase.Publishing, cancellationToken);
        IsPublishing = true;
    }

    /// <summary>Ends the run: the rest of its journal belongs to nobody.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over and owns the journal.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        claims.CreateAsync(runId, predecessor, ClaimPhase.Done, cancellationToken);

    /// <summary>Whether no other writer has made a claim since.</summary>
    public Task<bool> IsHeldAsync(CancellationToken cancellationToken) => claims.IsNewestAsync(cancellationToken);

    /// <exception cref="RunOvertakenException">Another writer took over.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => claims.CheckAsync(runId, cancellationToken);
}
