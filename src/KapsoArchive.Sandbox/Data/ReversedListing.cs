namespace KapsoArchive.Sandbox.Data;

/// <summary>Another listing in reverse order.</summary>
internal sealed class ReversedListing(IListing listing) : IListing
{
    public long Count => listing.Count;

    public void WriteRecord(long position, Utf8Buffer json) => listing.WriteRecord(listing.Count - 1 - position, json);
}
