namespace KapsoArchive.Core.Storage;

/// <summary>An exclusive hold on a lock, granted for a term. It expires unless it is renewed.</summary>
internal interface IClaim
{
    /// <summary>How long it lasts without a renewal.</summary>
    TimeSpan Term { get; }

    /// <summary>Extends it by another term.</summary>
    /// <returns>False if it is lost for good: another holder has it or may have it.</returns>
    /// <exception cref="StoreException">The result is unknown; another try may succeed.</exception>
    Task<bool> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Releases it if it is still held.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
