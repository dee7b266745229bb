namespace KapsoArchive.Sandbox.Data;

/// <summary>Another listing in a shuffled order that is the same on every request and unrelated to the records.</summary>
internal sealed class ShuffledListing(IListing listing, ulong key) : IListing
{
    private readonly Permutation _positions = new(key, listing.Count);

    public long Count => listing.Count;

    public void WriteRecord(long position, Utf8Buffer json) => listing.WriteRecord(_positions[position], json);
}
