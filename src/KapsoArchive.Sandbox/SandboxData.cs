namespace KapsoArchive.Sandbox;

/// <summary>The initial data of the sandbox: its conversations and every record it serves. <see cref="SandboxListings"/> tracks later
/// changes. Records are generated on request from the seed and their position, so that a conversation of millions of messages takes no
/// memory.</summary>
public sealed class SandboxData
{
    private readonly ulong _seed;
    private readonly SandboxOptions _options;
    private readonly SandboxConversation[] _conversations;
    private readonly Dictionary<Guid, int> _indexes;
    private readonly BlobLinks? _links;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxData(SandboxOptions options)
        : this(options, options.Media is { } media ? new BlobLinks(media) : null)
    {
    }

    internal SandboxData(SandboxOptions options, BlobLinks? links)
    {
        if (options.FindProblem() is { } problem) throw new ArgumentException(problem, nameof(options));
        _seed = Scramble.Bits((ulong)options.Seed);
        (_options, _links) = (options, links);
        TotalMessages = options.Messages;
        _conversations = Populate(options);
        _indexes = new Dictionary<Guid, int>(_conversations.Length);
        for (int index = 0; index < _conversations.Length; index++) _indexes.Add(Guid.Parse(_conversations[index].Id), index);
    }

    /// <summary>All conversations. With samples, the first one holds them.</summary>
    public IReadOnlyList<SandboxConversation> Conversations => _conversations;

    /// <summary>The sum of all message counts.</summary>
    public long TotalMessages { get; }

    /// <summary>The exact bytes of a record as served by every page. Index 0 is the conversation's oldest message, whatever the listing
    /// order.</summary>
    public byte[] Record(int conversationIndex, long messageIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messageIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(messageIndex, _conversations[conversationIndex].MessageCount);
        using var json = new Utf8Buffer();
        OldestFirst(conversationIndex).WriteRecord(messageIndex, json);
        return json.Written.ToArray();
    }

    /// <summary>The listing of a conversation in the served order; null if the id is unknown.</summary>
    /// <param name="shuffleTies">The seed for shuffling messages of equal created_at; null keeps their order.</param>
    internal IListing? FindListing(Guid conversationId, long? shuffleTies = null)
    {
        if (!_indexes.TryGetValue(conversationId, out int index)) return null;
        var listing = OldestFirst(index);
        if (shuffleTies is { } number && _options.TiesOf > 1)
            listing = new TieShuffledListing(listing, _options.TiesOf, Scramble.Bits(_seed, (ulong)number));
        return _options.Order switch
        {
            SandboxOrder.NewestFirst => new ReversedListing(listing),
            SandboxOrder.Unordered => new ShuffledListing(listing, Scramble.Bits(_seed, (ulong)index)),
            _ => listing,
        };
    }

    /// <summary>All messages of a conversation, oldest first; null if the id is unknown.</summary>
    /// <exception cref="InvalidOperationException">There are too many to hold in memory.</exception>
    internal SandboxMessage[]? FindMessages(Guid conversationId)
    {
        if (!_indexes.TryGetValue(conversationId, out int index)) return null;
        var (id, count) = (_conversations[index].Id, _conversations[index].MessageCount);
        if (count > SandboxListings.MostMessages)
            throw new InvalidOperationException(
                $"Conversation {id} has {count} messages; a conversation of more than {SandboxListings.MostMessages} cannot move.");
        var messages = new SandboxMessage[count];
        var before = DateTimeOffset.UnixEpoch;
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = SandboxMessage.Read(Record(index, i), otherwiseId: $"malformed-{i}", otherwiseCreatedAt: before);
            before = messages[i].CreatedAt;
        }
        return messages;
    }

    internal SandboxConversation? Find(Guid conversationId) =>
        _indexes.TryGetValue(conversationId, out int index) ? _conversations[index] : null;

    private IListing OldestFirst(int index)
    {
        IListing listing = _options.IncludeSamples && index == 0 ? SampleListing.Instance : new GeneratedListing(Profile(index));
        return _links is null ? listing : new LinkedListing(listing, _links);
    }

    private ConversationProfile Profile(int index) => new(_seed, index, _conversations[index].MessageCount, _options);

    private SandboxConversation[] Populate(SandboxOptions options)
    {
        var conversations = new SandboxConversation[options.Conversations];
        int generatedFrom = 0;
        long toGenerate = options.Messages;
        if (options.IncludeSamples)
        {
            conversations[0] = SampleListing.Instance.Conversation(ConversationProfile.IdOf(Scramble.Bits(_seed, 0)));
            generatedFrom = 1;
            toGenerate -= conversations[0].MessageCount;
        }

        long[] lengths = ConversationLengths.Draw(_seed, options.Conversations - generatedFrom, toGenerate);
        for (int index = generatedFrom; index < conversations.Length; index++)
            conversations[index] = new ConversationProfile(_seed, index, lengths[index - generatedFrom], options).Describe();
        return conversations;
    }
}
