namespace KapsoArchive.Core.Index;

/// <summary>Iterates over visits sorted by id, and compares the next one with ids in UTF-8.</summary>
internal sealed class VisitsInOrder : IDisposable
{
    private readonly IEnumerator<ConversationVisit> _visits;
    private byte[] _id = [];

    public VisitsInOrder(IEnumerable<ConversationVisit> visits)
    {
        _visits = visits.GetEnumerator();
        MoveNext();
    }

    /// <summary>The next visit; null at the end.</summary>
    public ConversationVisit? Current { get; private set; }

    /// <summary>Whether the next visit comes before, at or after this id.</summary>
    public int CompareTo(ReadOnlySpan<byte> id) => OrdinalUtf8.Compare(_id, id);

    public ConversationVisit Take()
    {
        ConversationVisit taken = Current!;
        MoveNext();
        return Current is null || string.CompareOrdinal(taken.ConversationId, Current.ConversationId) < 0
            ? taken
            : throw new IndexDamagedException($"The journal has two visits of conversation {Current.ConversationId}.");
    }

    public void Dispose() => _visits.Dispose();

    private void MoveNext()
    {
        Current = _visits.MoveNext() ? _visits.Current : null;
        _id = Current is null ? [] : Encoding.UTF8.GetBytes(Current.ConversationId);
    }
}
