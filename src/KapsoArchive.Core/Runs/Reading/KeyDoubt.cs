namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Distinguishes a key that may read nothing from conversations that the key may not read. The key is refused if the first three
/// conversations are forbidden, and none that had begun by then is answered.</summary>
/// <param name="requested">Number of conversations in the run. Fewer than three prove nothing.</param>
/// <param name="isDispelled">Whether a conversation of the run was read before.</param>
internal sealed class KeyDoubt(int requested, bool isDispelled)
{
    private const int Enough = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private HashSet<string>? _awaited;
    private int _forbidden;
    private volatile bool _isDispelled = isDispelled || requested < Enough;

    public void Begin(string conversationId)
    {
        if (_isDispelled)
            return;
        lock (_lock)
            _open.Add(conversationId);
    }

    /// <summary>The source returned part of a conversation, or reported that it does not exist.</summary>
    public void Dispel() => _isDispelled = true;

    /// <summary>The reading of a conversation ended without an answer.</summary>
    /// <returns>Whether the key is refused.</returns>
    public bool Ended(string conversationId, bool isForbidden)
    {
        if (_isDispelled)
            return false;
        lock (_lock)
        {
            _open.Remove(conversationId);
            if (isForbidden && ++_forbidden == Enough)
                _awaited = [.. _open];
            _awaited?.Remove(conversationId);
            return _awaited is { Count: 0 };
        }
    }
}
