namespace KapsoArchive.Core.Storage;

/// <summary>The hold on something that one holder at a time can have, a lock or a message, granted for a term: it runs out unless it is renewed.</summary>
internal interface IClaim
{
    /// <summary>How long it holds without being renewed.</summary>
    TimeSpan Term { get; }

    /// <summary>Makes it hold for another term.</summary>
    /// <returns>False where it is lost for good: somebody else has it, or may have it.</returns>
    /// <exception cref="StoreException">It cannot be told; another try may succeed.</exception>
    Task<bool> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Gives it back, if it is still held.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
