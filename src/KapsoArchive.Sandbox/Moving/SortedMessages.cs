namespace KapsoArchive.Sandbox.Moving;

/// <summary>The messages of a moving listing in the order served, and by id. Sorted by ascending rank, so that adding a new message at the
/// head is cheap.</summary>
internal sealed class SortedMessages(SandboxOrder order, ulong seed, int capacity)
{
    private readonly List<Entry> _entries = new(capacity);
    private readonly Dictionary<string, Entry> _byId = new(capacity, StringComparer.Ordinal);

    public int Count => _entries.Count;

    public SandboxMessage this[int position] => _entries[Index(position)].Message;

    public bool Contains(string id) => _byId.ContainsKey(id);

    public SandboxMessage? Find(string id) => _byId.GetValueOrDefault(id)?.Message;

    /// <exception cref="ArgumentException">A message with this id is already listed.</exception>
    public void Add(SandboxMessage message)
    {
        long rank = Rank(message);
        Insert(PlaceAfter(rank), message, rank);
    }

    /// <summary>Adds a message at a served position; its created_at must lie between those of its neighbours.</summary>
    public void AddAt(int position, SandboxMessage message)
    {
        int place = order == SandboxOrder.NewestFirst ? Count - position : position;
        Insert(place, message, order == SandboxOrder.Unordered ? RankBetween(place) : Rank(message));
    }

    public void Replace(string id, SandboxMessage message) => _byId[id].Message = message;

    public void Remove(string id)
    {
        _byId.Remove(id, out var entry);
        int place = PlaceAfter(entry!.Rank) - 1;
        while (_entries[place] != entry) place--;
        _entries.RemoveAt(place);
    }

    /// <summary>A created_at that places a message at the given position.</summary>
    public DateTimeOffset TimeAt(int position, DateTimeOffset otherwise)
    {
        if (Count == 0) return otherwise;
        int forward = order == SandboxOrder.OldestFirst ? 1 : -1;
        if (position == 0) return this[0].CreatedAt.AddSeconds(-forward);
        var before = this[position - 1].CreatedAt;
        return position == Count ? before.AddSeconds(forward) : before + (this[position].CreatedAt - before) / 2;
    }

    /// <summary>The range of positions whose messages share the created_at of the one at the given position.</summary>
    public (int First, int End) Ties(int position)
    {
        if (order == SandboxOrder.Unordered) return (position, position + 1);
        long rank = _entries[Index(position)].Rank;
        int first = position;
        while (first > 0 && _entries[Index(first - 1)].Rank == rank) first--;
        int end = position + 1;
        while (end < Count && _entries[Index(end)].Rank == rank) end++;
        return (first, end);
    }

    private int Index(int position) => order == SandboxOrder.NewestFirst ? Count - 1 - position : position;

    private void Insert(int place, SandboxMessage message, long rank)
    {
        var entry = new Entry(message, rank);
        if (!_byId.TryAdd(message.Id, entry))
            throw new ArgumentException($"The listing already has a message {message.Id}.", nameof(message));
        _entries.Insert(place, entry);
    }

    private long Rank(SandboxMessage message) => order == SandboxOrder.Unordered
        ? (long)(Scramble.Bits(seed, Scramble.Hash(message.Id)) >> 1)
        : message.CreatedAt.UtcTicks;

    private long RankBetween(int place)
    {
        long before = place > 0 ? _entries[place - 1].Rank : 0;
        long after = place < Count ? _entries[place].Rank : long.MaxValue;
        return before + (after - before) / 2;
    }

    /// <summary>The index after all entries of this rank or lower.</summary>
    private int PlaceAfter(long rank)
    {
        if (Count == 0 || _entries[^1].Rank <= rank) return Count;
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Rank <= rank) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
