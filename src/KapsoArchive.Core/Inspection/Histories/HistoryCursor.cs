namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>A place in a conversation, just before or after a message. It stays valid when messages come or go, and contains no id that
/// could contain a telephone number, so it may stand in an address.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HistoryCursor
{
    private const char Separator = '-';

    private readonly long _createdAt;
    private readonly UInt128 _key;

    private HistoryCursor(long createdAt, UInt128 key) => (_createdAt, _key) = (createdAt, key);

    /// <returns>Null if the text is not one of <see cref="ToString"/>.</returns>
    public static HistoryCursor? Parse(string? text) =>
        text?.Split(Separator) is [{ Length: 16 } time, { Length: 32 } key]
        && ulong.TryParse(time, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong createdAt)
        && UInt128.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 hash)
            ? new HistoryCursor((long)createdAt, hash)
            : null;

    /// <summary>The place before the first message of a time.</summary>
    public static HistoryCursor At(DateTimeOffset time) => new(Timestamp.ToMicros(time), default);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(ulong)_createdAt:x16}{Separator}{_key:x32}");

    internal static HistoryCursor Of(MessageVersion version) => new(version.CreatedAt, KeyOf(version));

    /// <summary>Where the messages after the place begin and those before it end. Both are equal if its message is gone.</summary>
    internal (int BeforeEnd, int AfterStart) In(IReadOnlyList<MessageVersion> sorted)
    {
        int first = 0;
        while (first < sorted.Count && sorted[first].CreatedAt < _createdAt)
            first++;
        for (int i = first; i < sorted.Count && sorted[i].CreatedAt == _createdAt; i++)
        {
            if (KeyOf(sorted[i]) == _key)
                return (i, i + 1);
        }

        return (first, first);
    }

    private static UInt128 KeyOf(MessageVersion version) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(version.Id));
}
