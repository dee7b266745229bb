namespace KapsoArchive.Core.Media;

/// <summary>Tells a web page from a file: a link that needs a sign-in often answers 200 with a page.</summary>
internal static class WebPage
{
    private static readonly string[] Types = ["text/html", "application/xhtml+xml"];
    private static readonly string[] Beginnings = ["<!doctype html", "<html", "<head", "<body", "<script"];

    /// <summary>Whether a file begins like a page, after white space and a mark of its encoding.</summary>
    /// <param name="head">The first bytes of the file.</param>
    /// <param name="declaredType">What the answer says it is. If that is a page, any tag is enough.</param>
    public static bool Is(ReadOnlySpan<byte> head, string? declaredType)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            head = Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(head[2..]));
        else if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            head = Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(head[2..]));
        else if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            head = head[3..];
        head = head.TrimStart(" \t\r\n\f"u8);
        if (head.IsEmpty || head[0] != '<')
            return false;
        string begin = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 16)]);
        return IsType(declaredType) || Beginnings.Any(b => begin.StartsWith(b, StringComparison.OrdinalIgnoreCase));
    }

    /// <param name="type">A media type, with or without parameters.</param>
    public static bool IsType(string? type) =>
        type is not null && Types.Contains(type.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);
}
