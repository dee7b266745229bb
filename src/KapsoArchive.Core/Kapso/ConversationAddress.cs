using System.Buffers;

namespace KapsoArchive.Core.Kapso;

/// <summary>Knows ids that cannot stand in the address of a request: the way to their messages would lead elsewhere.</summary>
internal static class ConversationAddress
{
    /// <summary>How many times an id is unescaped: some servers do it more than once.</summary>
    private const int MaxUnescaped = 4;

    private static readonly SearchValues<char> Slashes = SearchValues.Create("/\\");

    /// <summary>Whether the id is <c>.</c> or <c>..</c> or holds a slash, also if it is escaped, once or several times.</summary>
    public static bool LeadsElsewhere(string id)
    {
        string text = id;
        for (int i = 0; i < MaxUnescaped; i++)
        {
            if (text.Trim() is "" or "." or ".." || text.AsSpan().ContainsAny(Slashes))
                return true;
            string unescaped = Uri.UnescapeDataString(text);
            if (unescaped == text)
                return false;
            text = unescaped;
        }

        return true;
    }
}
