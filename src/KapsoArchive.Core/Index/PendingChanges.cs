namespace KapsoArchive.Core.Index;

/// <summary>Iterates over pieces of written rows and holds the next one.</summary>
internal sealed class PendingChanges(IAsyncEnumerator<ConversationChanges> changes) : IAsyncDisposable
{
    /// <summary>The next piece; null at the end.</summary>
    public ConversationChanges? Current { get; private set; }

    public async ValueTask MoveNextAsync() => Current = await changes.MoveNextAsync() ? changes.Current : null;

    public ValueTask DisposeAsync() => changes.DisposeAsync();
}
