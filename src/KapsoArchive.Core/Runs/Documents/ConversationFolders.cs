namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Names the folder of a conversation's pages: its id if that is a valid and unambiguous name on every system; otherwise its
/// valid characters with a hash.</summary>
internal static class ConversationFolders
{
    private const int ShortestPlain = 5; // Shorter names may be those of devices: con, nul, com1.
    private const int LongestKept = 64;
    private const int HashDigits = 16;

    public static string Of(string conversationId)
    {
        if (conversationId.Length is >= ShortestPlain and <= LongestKept && conversationId.All(IsPlain))
            return conversationId;
        string kept = string.Concat(
            conversationId.Take(LongestKept)
                .Select(c => IsPlain(c) ? c : IsPlain((char)(c | 0x20)) && char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : '_'));
        return $"c_{kept}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(conversationId)))[..HashDigits]}";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
