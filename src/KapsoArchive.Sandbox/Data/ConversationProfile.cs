namespace KapsoArchive.Sandbox.Data;

/// <summary>The properties of a generated conversation: a pure function of the seed, its index, its length and the options.</summary>
internal sealed class ConversationProfile
{
    public ConversationProfile(ulong seed, int index, long messageCount, SandboxOptions options)
    {
        (MalformedShare, HasFiles) = (options.MalformedShare, options.Media is not null);
        Key = Scramble.Bits(seed, (ulong)index);
        MessageCount = messageCount;
        Timeline = new Timeline(Scramble.Bits(Key, 1), messageCount, options.TiesOf);
        Language = Scramble.Below(Scramble.Bits(Key, 2), 100) < 65 ? Phrasebook.Spanish : Phrasebook.English;
        // 555 numbers, which are reserved for fiction.
        PhoneNumber = 52_1555_0000000 + Scramble.Below(Scramble.Bits(Key, 3), 10_000_000);
    }

    public ulong Key { get; }

    public long MessageCount { get; }

    public double MalformedShare { get; }

    public bool HasFiles { get; }

    public Timeline Timeline { get; }

    public Phrasebook Language { get; }

    public long PhoneNumber { get; }

    public Guid Id => IdOf(Key);

    public static Guid IdOf(ulong key) => Scramble.Uuid(Scramble.Bits(key, 4), Scramble.Bits(key, 5));

    public SandboxConversation Describe() => new(
        Id.ToString(),
        $"+{PhoneNumber}",
        Scramble.Below(Scramble.Bits(Key, 6), 100) < 12 ? null : Language.Name(Scramble.Bits(Key, 7)),
        Scramble.Below(Scramble.Bits(Key, 8), 100) < 30 ? "active" : "ended",
        new DateTimeOffset(Timeline.Last),
        MessageCount);
}
