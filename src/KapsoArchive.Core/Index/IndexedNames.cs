namespace KapsoArchive.Core.Index;

/// <summary>Names of the other party, as the source last sent them; null for a name that it never sent.</summary>
internal sealed record IndexedNames(string? PhoneNumber, string? ContactName, string? BusinessScopedUserId, string? Username)
{
    public static IndexedNames None { get; } = new(null, null, null, null);

    /// <summary>Merges two sets of names. A later name replaces an earlier one unless it is null.</summary>
    public IndexedNames Then(IndexedNames later)
    {
        var names = new IndexedNames(
            later.PhoneNumber ?? PhoneNumber, later.ContactName ?? ContactName, later.BusinessScopedUserId ?? BusinessScopedUserId,
            later.Username ?? Username);
        return names == this ? this : names;
    }
}
