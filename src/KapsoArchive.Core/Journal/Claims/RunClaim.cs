namespace KapsoArchive.Core.Journal.Claims;

/// <summary>The right to carry out one run, until another writer claims it. See <c>docs/decisions/13-fencing.md</c>.</summary>
internal sealed class RunClaim(RunClaims claims, string runId, string? predecessor, string phase)
{
    /// <summary>The claims of the archive or export, among which this one is.</summary>
    public RunClaims Claims => claims;

    public bool IsPublishing { get; private set; } = phase == ClaimPhase.Publishing;

    /// <summary>From here on something of the run may become visible.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over. Nothing was made visible.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await claims.CreateAsync(runId, predecessor, ClaimPhase.Publishing, cancellationToken);
        IsPublishing = true;
    }

    /// <summary>The run is over: what is left of its journal is nobody's.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over, and the journal is that one's.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        claims.CreateAsync(runId, predecessor, ClaimPhase.Done, cancellationToken);

    /// <summary>Whether no other writer has claimed since.</summary>
    public Task<bool> IsHeldAsync(CancellationToken cancellationToken) => claims.IsNewestAsync(cancellationToken);

    /// <exception cref="RunOvertakenException">Another writer took over.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => claims.CheckAsync(runId, cancellationToken);
}
