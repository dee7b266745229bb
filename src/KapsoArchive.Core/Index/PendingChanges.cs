namespace KapsoArchive.Core.Index;

/// <summary>Goes through pieces of what was written, and holds the next.</summary>
internal sealed class PendingChanges(IAsyncEnumerator<ConversationChanges> changes) : IAsyncDisposable
{
    /// <summary>The next; null where there is none.</summary>
    public ConversationChanges? Current { get; private set; }

    public async ValueTask MoveNextAsync() => Current = await changes.MoveNextAsync() ? changes.Current : null;

    public ValueTask DisposeAsync() => changes.DisposeAsync();
}
