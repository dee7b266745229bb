using System.Buffers.Text;

namespace KapsoArchive.Core.Lake;

/// <summary>Parses the source's ISO 8601 times to microseconds since 1970-01-01 UTC, and formats them in the canonical form.</summary>
public static class Timestamp
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>The longest text that <see cref="FormatCanonical"/> writes: <c>2026-03-02T08:00:00.123456Z</c>.</summary>
    public const int MaxLength = 27;

    private static readonly long LeastMicros = ToMicros(DateTimeOffset.MinValue);

    private static readonly long MostMicros = ToMicros(DateTimeOffset.MaxValue);

    public static long ToMicros(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => new(DateTime.UnixEpoch.AddTicks(micros * TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Parses <c>yyyy-MM-dd('T'|' ')HH:mm:ss[.fraction][Z|±HH[:]mm]</c>. A fraction finer than microseconds is truncated. A time
    /// without an offset is UTC, as the source documents. Any other text is rejected, and so is a time outside the years 1 to 9999 in
    /// UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':'
            || text[16] != ':')
            return false;
        if (!TryDigits(text[..4], out int year) || !TryDigits(text[5..7], out int month) || !TryDigits(text[8..10], out int day)
            || !TryDigits(text[11..13], out int hour) || !TryDigits(text[14..16], out int minute)
            || !TryDigits(text[17..19], out int second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59
            || second > 59)
            return false;

        text = text[19..];
        if (!TryFraction(ref text, out int fraction) || !TryOffset(text, out int offsetMinutes))
            return false;

        long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        long time = (ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond + fraction - offsetMinutes * 60_000_000L;
        if (time < LeastMicros || time > MostMicros)
            return false;
        micros = time;
        return true;
    }

    /// <summary>Writes UTC with <c>Z</c> and the fewest of 0, 3 or 6 fractional digits. Returns the number of bytes.</summary>
    public static int FormatCanonical(long micros, Span<byte> destination)
    {
        long fraction = micros % 1_000_000;
        string format = fraction switch
        {
            0 => "yyyy-MM-dd'T'HH:mm:ss'Z'",
            _ when fraction % 1000 == 0 => "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            _ => "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
        };
        FromMicros(micros).TryFormat(destination, out int written, format, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>The text that <see cref="FormatCanonical"/> writes.</summary>
    internal static string Canonical(long micros)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..FormatCanonical(micros, text)]);
    }

    /// <summary>
    /// Whether <paramref name="text"/> equals the output of <see cref="FormatCanonical"/> for <paramref name="micros"/>, so that the column
    /// alone restores it.
    /// </summary>
    public static bool IsCanonical(ReadOnlySpan<byte> text, long micros)
    {
        if (text[10] != 'T' || text[^1] != 'Z' || text[19] == ',')
            return false;
        return text.Length switch
        {
            20 => true,
            24 => micros % 1_000_000 != 0,
            27 => micros % 1000 != 0,
            _ => false,
        };
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out int consumed, 'D') && consumed == digits.Length
            && digits[0] is not ((byte)'-' or (byte)'+');

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int micros)
    {
        micros = 0;
        if (text.IsEmpty || text[0] is not ((byte)'.' or (byte)','))
            return true;
        int digits = 1;
        for (int unit = 100_000; digits < text.Length && char.IsAsciiDigit((char)text[digits]); digits++, unit /= 10)
            micros += (text[digits] - '0') * unit;
        text = text[digits..];
        return digits > 1;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text is [(byte)'Z'])
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || !(text.Length == 5 || (text.Length == 6 && text[3] == ':')))
            return false;
        if (!TryDigits(text[1..3], out int hours) || !TryDigits(text[^2..], out int rest) || hours > 18 || rest > 59)
            return false;
        minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + rest);
        return true;
    }
}
