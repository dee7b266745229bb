namespace KapsoArchive.Sandbox.Data;

/// <summary>Another listing from its end to its beginning.</summary>
internal sealed class ReversedListing(IListing listing) : IListing
{
    public long Count => listing.Count;

    public void WriteRecord(long position, Utf8Buffer json) => listing.WriteRecord(listing.Count - 1 - position, json);
}
