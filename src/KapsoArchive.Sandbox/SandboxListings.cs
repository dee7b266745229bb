namespace KapsoArchive.Sandbox;

/// <summary>The current conversations of a running sandbox. They start as <see cref="SandboxData"/> and change only when moved.
/// Thread-safe.</summary>
internal sealed class SandboxListings
{
    /// <summary>The longest conversation that can move, because its messages are held in memory.</summary>
    public const int MostMessages = 200_000;

    private readonly Lock _lock = new();
    private readonly SandboxData _data;
    private readonly SandboxOrder _order;
    private readonly Dictionary<Guid, MovingListing> _moving = [];
    private readonly Dictionary<Guid, SandboxConversation> _added = [];
    private readonly HashSet<Guid> _removed = [];
    private readonly Dictionary<Guid, SandboxOddities> _odditiesOf = [];
    private SandboxMovement? _movement;
    private SandboxOddities _oddities;
    private long _version;

    internal SandboxListings(SandboxOptions options, SandboxData data)
    {
        (_data, _order, _movement, _oddities) = (data, options.Order, options.Movement, options.Oddities);
    }

    /// <summary>The random movement of all conversations that are read, if they have <see cref="MostMessages"/> or fewer; null to disable
    /// it.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxMovement? Movement
    {
        get { lock (_lock) return _movement; }
        set
        {
            if (value?.FindProblem() is { } problem) throw new ArgumentException(problem, nameof(value));
            lock (_lock)
            {
                _movement = value;
                foreach (var listing in _moving.Values) listing.Movement = value;
            }
        }
    }

    /// <summary>The oddities of every listing that has no oddities of its own.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxOddities Oddities
    {
        get { lock (_lock) return _oddities; }
        set
        {
            if (value.FindProblem() is { } problem) throw new ArgumentException(problem, nameof(value));
            lock (_lock)
            {
                _oddities = value;
                foreach (var (id, listing) in _moving) listing.Oddities = _odditiesOf.GetValueOrDefault(id, value);
            }
        }
    }

    /// <summary>Increases with every change to a conversation's position or properties.</summary>
    internal long Version
    {
        get { lock (_lock) return _version + _moving.Values.Sum(listing => listing.Changes); }
    }

    /// <summary>Sets the oddities of one listing.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void SetOddities(string conversationId, SandboxOddities oddities)
    {
        if (oddities.FindProblem() is { } problem) throw new ArgumentException(problem, nameof(oddities));
        var id = Guid.Parse(conversationId);
        lock (_lock)
        {
            _odditiesOf[id] = oddities;
            if (_moving.TryGetValue(id, out var listing)) listing.Oddities = oddities;
        }
    }

    /// <summary>A conversation's listing, made movable. From the first call on, its requests are counted and its true content is
    /// recorded.</summary>
    /// <exception cref="KeyNotFoundException">The conversation does not exist.</exception>
    /// <exception cref="InvalidOperationException">It has more than <see cref="MostMessages"/>.</exception>
    public MovingListing Moving(string conversationId)
    {
        lock (_lock)
        {
            return Guid.TryParse(conversationId, out var id) && FindOrMakeMoving(id) is { } listing
                ? listing
                : throw new KeyNotFoundException($"There is no conversation {conversationId}.");
        }
    }

    /// <summary>Adds a conversation. Its message count, and possibly its last activity, then follow its listing.</summary>
    /// <exception cref="ArgumentException">The conversation's id is or was in use, or two messages share an id.</exception>
    public MovingListing AddConversation(SandboxConversation conversation, IReadOnlyCollection<SandboxMessage> messages)
    {
        var id = Guid.Parse(conversation.Id);
        lock (_lock)
        {
            if (_data.Find(id) is not null || _removed.Contains(id) || _added.ContainsKey(id))
                throw new ArgumentException($"A conversation {conversation.Id} exists or existed.", nameof(conversation));
            var listing = Keep(id, messages);
            _added.Add(id, conversation);
            _version++;
            return listing;
        }
    }

    /// <summary>Removes a conversation: it is no longer listed, and its messages return 404. False if it does not exist.</summary>
    public bool RemoveConversation(string conversationId)
    {
        if (!Guid.TryParse(conversationId, out var id)) return false;
        lock (_lock)
        {
            if (!HasUnlocked(id)) return false;
            // Keep its listing's changes in the count, so that the version never decreases.
            _version += 1 + (_moving.Remove(id, out var listing) ? listing.Changes : 0);
            _added.Remove(id);
            return _removed.Add(id);
        }
    }

    internal bool Has(Guid id)
    {
        lock (_lock) return HasUnlocked(id);
    }

    internal IEnumerable<SandboxConversation> Conversations()
    {
        lock (_lock) return [.. _data.Conversations.Concat(_added.Values).Where(IsListed).Select(Present)];
    }

    /// <summary>Every record that is listed now, except malformed ones of conversations that can move.</summary>
    internal IEnumerable<(string ConversationId, ReadOnlyMemory<byte> Record)> Records()
    {
        foreach (var conversation in Conversations())
        {
            var id = Guid.Parse(conversation.Id);
            if (FindMoving(id) is { } moving)
            {
                foreach (var record in moving.Truth.Current().Values) yield return (conversation.Id, record);
                continue;
            }
            var listing = FindStill(id, shuffleTies: null)!;
            for (long position = 0; position < listing.Count; position++)
            {
                using var json = new Utf8Buffer();
                listing.WriteRecord(position, json);
                yield return (conversation.Id, json.Written);
            }
        }
    }

    /// <summary>The movable listing of a conversation; null if the conversation does not exist or has not been moved.</summary>
    internal MovingListing? FindMoving(Guid id)
    {
        lock (_lock)
        {
            if (_moving.TryGetValue(id, out var listing)) return listing;
            return _movement is { Moves: true } && _data.Find(id) is { MessageCount: <= MostMessages } ? FindOrMakeMoving(id) : null;
        }
    }

    internal IListing? FindStill(Guid id, long? shuffleTies)
    {
        lock (_lock) return HasUnlocked(id) ? _data.FindListing(id, shuffleTies) : null;
    }

    internal SandboxOddities OdditiesOf(Guid id)
    {
        lock (_lock) return _odditiesOf.GetValueOrDefault(id, _oddities);
    }

    private bool HasUnlocked(Guid id) => _added.ContainsKey(id) || (_data.Find(id) is not null && !_removed.Contains(id));

    private bool IsListed(SandboxConversation conversation) => _removed.Count == 0 || !_removed.Contains(Guid.Parse(conversation.Id));

    private MovingListing? FindOrMakeMoving(Guid id)
    {
        if (_moving.TryGetValue(id, out var listing)) return listing;
        return HasUnlocked(id) && _data.FindMessages(id) is { } messages ? Keep(id, messages) : null;
    }

    private MovingListing Keep(Guid id, IReadOnlyCollection<SandboxMessage> messages)
    {
        var listing = new MovingListing(_order, messages, (int)Scramble.Hash(id.ToString()), Timeline.Now)
        {
            Movement = _movement,
            Oddities = _odditiesOf.GetValueOrDefault(id, _oddities),
        };
        _moving.Add(id, listing);
        return listing;
    }

    private SandboxConversation Present(SandboxConversation conversation)
    {
        if (_moving.Count == 0 || !_moving.TryGetValue(Guid.Parse(conversation.Id), out var listing)) return conversation;
        var lastActiveAt = listing.LastActiveAt > conversation.LastActiveAt ? listing.LastActiveAt : conversation.LastActiveAt;
        return conversation with { LastActiveAt = lastActiveAt, MessageCount = listing.Count };
    }
}
