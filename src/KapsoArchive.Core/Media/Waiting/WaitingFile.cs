using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Media.Waiting;

/// <summary>The file behind a message, which the archive does not have yet. Its links are secrets: they are kept in the state area, as in
/// the lake, and nowhere else.</summary>
/// <param name="Links">One or more, the newest first.</param>
internal sealed record WaitingFile(string ConversationId, string MessageId, IReadOnlyList<string> Links)
{
    /// <summary>Nights after which a file that its host refuses, or answers with a page to sign in, is given up.</summary>
    private const int MostRefusals = 3;

    /// <summary>A night may begin a little earlier than the one before.</summary>
    private static readonly TimeSpan AlmostADay = TimeSpan.FromHours(20);

    /// <summary>How long passing faults are waited out, and how long another link of a dead one is waited for: 14 nights.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(13) + AlmostADay;

    public string? FileName { get; init; }

    /// <summary>The type that the message declares.</summary>
    public string? ContentType { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC; null if the message has no readable time.</summary>
    public long? CreatedAt { get; init; }

    /// <summary>The nights that have tried it.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was tried first, in microseconds since 1970-01-01 UTC; null if it was not tried.</summary>
    public long? Since { get; init; }

    /// <summary>It is not tried again before, in microseconds since 1970-01-01 UTC.</summary>
    public long NotBefore { get; init; }

    /// <summary>Whether its links are dead: then it waits for another one, and is not tried.</summary>
    public bool IsGone { get; init; }

    /// <summary>Identifies the message.</summary>
    public UInt128 Key => KeyOf(ConversationId, MessageId);

    /// <summary>Identifies the message with its newest link.</summary>
    public ulong LinkKey => LinkKeyOf(ConversationId, MessageId, FingerprintOf(Links[0]));

    /// <returns>The file of a message; null if it has none.</returns>
    public static WaitingFile? Of(MessageRow row) => FileLinks.Of(row) is { } media
        ? new WaitingFile(row.ConversationId.ToString()!, row.Id.ToString()!, media.Links)
        {
            FileName = media.FileName,
            ContentType = media.ContentType,
            CreatedAt = row.CreatedAt,
        }
        : null;

    /// <summary>Identifies the message of a row.</summary>
    public static UInt128 KeyOf(MediaRow row) => KeyOf(row.ConversationId, row.MessageId);

    public static UInt128 KeyOf(ReadOnlySpan<byte> conversationId, UInt128 message)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(key, message);
        var hash = new XxHash128();
        hash.Append(conversationId);
        hash.Append(key);
        return hash.GetCurrentHashAsUInt128();
    }

    /// <param name="fingerprint">Of the link.</param>
    public static ulong LinkKeyOf(string conversationId, string messageId, string fingerprint) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{conversationId}\n{messageId}\n{fingerprint}"));

    /// <summary>What the lake says of a link: it proves that two are the same, and reveals neither.</summary>
    public static string FingerprintOf(string link) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(link)))[..16];

    /// <summary>Nothing is to be done with it before, in microseconds since 1970-01-01 UTC.</summary>
    public long NextAt => IsGone ? Since!.Value + (long)Patience.TotalMicroseconds : NotBefore;

    public bool IsDue(DateTimeOffset now) => !IsGone && NotBefore <= Timestamp.ToMicros(now);

    /// <summary>The same file, which was waiting before and has now been seen with these links.</summary>
    public WaitingFile Following(WaitingFile before)
    {
        bool isNew = !before.Links.Contains(Links[0]);
        return this with
        {
            Links = [.. Links.Union(before.Links, StringComparer.Ordinal).Take(FileLinks.Most)],
            Attempts = before.Attempts,
            Since = before.Since,
            NotBefore = isNew ? 0 : before.NotBefore,
            IsGone = !isNew && before.IsGone,
        };
    }

    /// <summary>How the file stands after one more attempt.</summary>
    /// <param name="now">The start of the run.</param>
    /// <returns>The outcome, and what is left to wait for; null if nothing is.</returns>
    public (MediaOutcome Outcome, WaitingFile? Left) After(MediaVerdict verdict, DateTimeOffset now)
    {
        long time = Timestamp.ToMicros(now);
        WaitingFile tried = this with { Attempts = Attempts + 1, Since = Since ?? time };
        WaitingFile later = tried with { NotBefore = Timestamp.ToMicros(now + PauseAfter(tried.Attempts)) };
        bool isOver = time - tried.Since >= (long)Patience.TotalMicroseconds;

        // Attempts by hand do not shorten the wait.
        bool isRefused = isOver || (tried.Attempts >= MostRefusals && time - tried.Since >= (long)(2 * AlmostADay).TotalMicroseconds);
        return verdict switch
        {
            MediaVerdict.Arrived => (MediaOutcome.Stored, null),
            MediaVerdict.TooLarge => (MediaOutcome.TooLarge, null),
            MediaVerdict.Refused => (MediaOutcome.Refused, null),
            MediaVerdict.Gone => (MediaOutcome.Gone, isOver ? null : tried with { IsGone = true, NotBefore = time }),
            MediaVerdict.Forbidden when isRefused => (MediaOutcome.Refused, null),
            MediaVerdict.SignIn when isRefused => (MediaOutcome.Failed, null),
            MediaVerdict.Unavailable when isOver => (MediaOutcome.Failed, null),
            _ => (MediaOutcome.Waiting, later),
        };
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(ConversationId);
        writer.Write(MessageId);
        writer.Write((byte)Links.Count);
        foreach (string link in Links)
            writer.Write(link);
        writer.WriteOptional(FileName);
        writer.WriteOptional(ContentType);
        writer.WriteOptional(CreatedAt);
        writer.Write(Attempts);
        writer.WriteOptional(Since);
        writer.Write(NotBefore);
        writer.Write(IsGone);
    }

    public static WaitingFile Read(BinaryReader reader) => new(reader.ReadString(), reader.ReadString(), ReadLinks(reader))
    {
        FileName = reader.ReadOptionalText(),
        ContentType = reader.ReadOptionalText(),
        CreatedAt = reader.ReadOptional(),
        Attempts = reader.ReadInt32(),
        Since = reader.ReadOptional(),
        NotBefore = reader.ReadInt64(),
        IsGone = reader.ReadBoolean(),
    };

    private static UInt128 KeyOf(string conversationId, string messageId) =>
        KeyOf(Encoding.UTF8.GetBytes(conversationId), MessageKey.Of(Encoding.UTF8.GetBytes(messageId)));

    private static string[] ReadLinks(BinaryReader reader)
    {
        string[] links = new string[reader.ReadByte()];
        for (int i = 0; i < links.Length; i++)
            links[i] = reader.ReadString();
        return links;
    }

    /// <summary>1, 2, 3, 4, 4, … nights.</summary>
    private static TimeSpan PauseAfter(int attempts) => AlmostADay + TimeSpan.FromDays(Math.Min(attempts, 4) - 1);
}
