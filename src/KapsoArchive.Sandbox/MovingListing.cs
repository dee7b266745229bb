using KapsoArchive.Sandbox.Moving;

namespace KapsoArchive.Sandbox;

/// <summary>A conversation's listing that moves while it is read: by direct calls, on a schedule, or at random. It is read page by page, as
/// over the API, but needs no server, and it records what it really held (<see cref="Truth"/>). The same calls give the same pages.
/// Thread-safe.</summary>
internal sealed class MovingListing
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly SortedMessages _messages;
    private readonly PriorityQueue<Action<MovingListing>, (long AfterRequest, int Place)> _schedule = new();
    private readonly ulong _seed;
    private long _requests;
    private long _made;
    private long _changes;
    private int _scheduled;
    private long _lastActive = Beginning.UtcTicks;
    private DateTimeOffset _clock;

    /// <param name="order">The order in which messages are listed.</param>
    /// <param name="initial">The initial messages, in any order.</param>
    /// <param name="seed">The seed of generated ids and random movement.</param>
    /// <param name="now">The start of the listing's clock, raised to the newest message's time if that is later. Each change advances it by
    /// a second.</param>
    /// <exception cref="ArgumentException">Two messages share an id.</exception>
    public MovingListing(SandboxOrder order, IReadOnlyCollection<SandboxMessage> initial, int seed = 1, DateTimeOffset? now = null)
    {
        Order = order;
        _seed = Scramble.Bits((ulong)seed);
        _messages = new SortedMessages(order, _seed, initial.Count + 16);
        Truth = new SandboxTruth(initial.Count + 16);
        foreach (var message in initial.OrderBy(message => message.CreatedAt))
        {
            _messages.Add(message);
            Truth.Added(message, 0);
            _lastActive = message.CreatedAt.UtcTicks;
        }
        _clock = now > LastActiveAt ? now.Value : LastActiveAt;
    }

    /// <summary>The order in which messages are listed.</summary>
    public SandboxOrder Order { get; }

    /// <summary>The true content at each request.</summary>
    public SandboxTruth Truth { get; }

    /// <summary>Random movement before each request; null to disable it.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxMovement? Movement
    {
        get;
        set => field = value?.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    }

    /// <summary>The oddities of its pages.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxOddities Oddities
    {
        get;
        set => field = value.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    } = SandboxOddities.None;

    /// <summary>The number of pages read so far, and thus the number of the last request.</summary>
    public long RequestsMade => Interlocked.Read(ref _requests);

    /// <summary>The current number of messages, including malformed ones.</summary>
    public int Count => _messages.Count;

    /// <summary>The latest created_at of any message ever listed.</summary>
    internal DateTimeOffset LastActiveAt => new(Interlocked.Read(ref _lastActive), TimeSpan.Zero);

    /// <summary>The number of changes so far.</summary>
    internal long Changes => Interlocked.Read(ref _changes);

    /// <summary>A listing of small messages, one a minute.</summary>
    /// <param name="order">The order in which messages are listed.</param>
    /// <param name="count">The number of messages.</param>
    /// <param name="tiesOf">How many messages in a row share their created_at.</param>
    public static MovingListing OfSmallMessages(SandboxOrder order, int count, int seed = 1, int tiesOf = 1)
    {
        ulong key = Scramble.Bits((ulong)seed, 0x1217);
        var messages = new SandboxMessage[count];
        for (int i = 0; i < count; i++) messages[i] = SandboxMessage.Make(Id(key, i), i, Beginning.AddMinutes(i - i % tiesOf - count));
        return new MovingListing(order, messages, seed);
    }

    /// <summary>Answers one request for a page, after the changes due before it.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="perPage">1 to 100.</param>
    /// <exception cref="SandboxPageLimitException">The oddities refuse the page. The request is counted.</exception>
    /// <exception cref="SandboxRefusalException">The oddities answer with an error. The request is counted.</exception>
    public SandboxPage Read(long page, int perPage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(perPage, Math.Clamp(perPage, 1, 100));
        lock (_lock)
        {
            while (_schedule.TryPeek(out var action, out var due) && due.AfterRequest <= _requests)
            {
                _schedule.Dequeue();
                action(this);
            }
            if (Movement is { } movement) new RandomMovement(movement, Scramble.Bits(_seed, (ulong)_requests)).Apply(this);
            Interlocked.Increment(ref _requests);
            var plan = PageCut.Of(page, perPage, _messages.Count, Oddities, _requests);
            if (Oddities.Unreadable.Count > 0
                && plan.Positions.Any(p => p < _messages.Count && Oddities.Unreadable.Contains(_messages[(int)p].Id)))
                throw new SandboxRefusalException(500);
            return new SandboxPage(Array.ConvertAll(plan.Positions, RecordAt), plan.Meta);
        }
    }

    /// <summary>Schedules an action between two requests: after one answer, before the next answer is computed. Actions at the same
    /// point keep their order.</summary>
    /// <param name="requestNumber">The request after which the action runs; 0 is before the first. If already passed, the action runs
    /// before the next request.</param>
    /// <param name="action">The change to the listing. It is atomic for requests.</param>
    public void After(long requestNumber, Action<MovingListing> action)
    {
        lock (_lock) _schedule.Enqueue(action, (requestNumber, _scheduled++));
    }

    /// <summary>The message now listed at a position, from 0.</summary>
    public SandboxMessage At(int position)
    {
        lock (_lock) return _messages[position];
    }

    /// <summary>Adds a message at the position of its created_at.</summary>
    /// <exception cref="ArgumentException">A message with this id is already listed.</exception>
    public void Insert(SandboxMessage message)
    {
        lock (_lock)
        {
            _messages.Add(message);
            Added(message);
        }
    }

    /// <summary>Adds a message newer than all others.</summary>
    public SandboxMessage InsertNewest()
    {
        lock (_lock)
        {
            _clock = _clock.AddSeconds(1);
            return InsertCreatedAt(_clock);
        }
    }

    /// <summary>Adds a message with the given created_at, as a history import does.</summary>
    public SandboxMessage InsertCreatedAt(DateTimeOffset createdAt)
    {
        lock (_lock)
        {
            var message = Make(createdAt);
            Insert(message);
            return message;
        }
    }

    /// <summary>Adds a message that is listed at a position, with a created_at between those of its neighbours.</summary>
    public SandboxMessage InsertAt(int position)
    {
        lock (_lock)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _messages.Count);
            var message = Make(_messages.TimeAt(position, otherwise: _clock));
            _messages.AddAt(position, message);
            Added(message);
            return message;
        }
    }

    /// <summary>Removes a message; false if the id is not listed.</summary>
    public bool Delete(string id)
    {
        lock (_lock)
        {
            if (!_messages.Contains(id)) return false;
            _messages.Remove(id);
            Truth.Removed(id, _requests);
            Changed();
            return true;
        }
    }

    /// <summary>Gives a message another status and a later updated_at; false if the id is not listed or the record is malformed.</summary>
    public bool Update(string id, string status)
    {
        lock (_lock)
        {
            if (_messages.Find(id) is not { IsMalformed: false } message) return false;
            Changed();
            var changed = message with { Record = RecordEdit.WithStatus(message.Record, status, _clock) };
            _messages.Replace(id, changed);
            Truth.Changed(id, changed.Record, _requests);
            return true;
        }
    }

    /// <summary>Gives a message another link, or none, and the same updated_at, as Kapso does; false if the id is not listed or the record
    /// is malformed.</summary>
    public bool Link(string id, Uri? link)
    {
        lock (_lock)
        {
            if (_messages.Find(id) is not { IsMalformed: false } message) return false;
            Changed();
            var changed = message with { Record = RecordEdit.WithLink(message.Record, link) };
            _messages.Replace(id, changed);
            Truth.Changed(id, changed.Record, _requests);
            return true;
        }
    }

    private static string Id(ulong key, long number)
    {
        ulong bits = Scramble.Bits(key, (ulong)number);
        return Scramble.Uuid(bits, Scramble.Bits(bits)).ToString();
    }

    private SandboxMessage Make(DateTimeOffset createdAt) => SandboxMessage.Make(Id(_seed, _made++), _made, createdAt);

    private void Added(SandboxMessage message)
    {
        Truth.Added(message, _requests);
        if (message.CreatedAt > LastActiveAt) Interlocked.Exchange(ref _lastActive, message.CreatedAt.UtcTicks);
        if (message.CreatedAt > _clock) _clock = message.CreatedAt;
        Changed();
    }

    private void Changed()
    {
        Interlocked.Increment(ref _changes);
        _clock = _clock.AddSeconds(1);
    }

    private ReadOnlyMemory<byte> RecordAt(long position)
    {
        if (position >= _messages.Count)
        {
            using var json = new Utf8Buffer(512);
            SmallRecord.Invent(position, json);
            return json.Written.ToArray();
        }
        if (!Oddities.ShuffleTies) return _messages[(int)position].Record;
        var (first, end) = _messages.Ties((int)position);
        var places = new Permutation(Scramble.Bits((ulong)_requests, (ulong)first), end - first);
        return _messages[first + (int)places[position - first]].Record;
    }
}
