namespace KapsoArchive.Core.Index;

/// <summary>Who a conversation is with, as the source last said it; null what it never said.</summary>
internal sealed record IndexedNames(string? PhoneNumber, string? ContactName, string? BusinessScopedUserId, string? Username)
{
    public static IndexedNames None { get; } = new(null, null, null, null);

    /// <summary>What the later one says counts, as far as it says something.</summary>
    public IndexedNames Then(IndexedNames later)
    {
        var names = new IndexedNames(
            later.PhoneNumber ?? PhoneNumber, later.ContactName ?? ContactName, later.BusinessScopedUserId ?? BusinessScopedUserId, later.Username ?? Username);
        return names == this ? this : names;
    }
}
