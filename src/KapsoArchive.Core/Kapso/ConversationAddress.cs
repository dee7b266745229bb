namespace KapsoArchive.Core.Kapso;

/// <summary>Detects ids that cannot be used in a request's address, because the path would lead elsewhere.</summary>
internal static class ConversationAddress
{
    /// <summary>How many times an id is unescaped. Some servers unescape more than once.</summary>
    private const int MaxUnescaped = 4;

    private static readonly SearchValues<char> Slashes = SearchValues.Create("/\\");

    /// <summary>Whether the id is <c>.</c> or <c>..</c> or contains a slash, plain or escaped once or several times.</summary>
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
