namespace KapsoArchive.Sandbox.Data;

/// <summary>Another listing, oldest first, in which messages of equal created_at are ordered by the key.</summary>
internal sealed class TieShuffledListing(IListing listing, int tiesOf, ulong key) : IListing
{
    public long Count => listing.Count;

    public void WriteRecord(long position, Utf8Buffer json)
    {
        long first = position - position % tiesOf;
        var places = new Permutation(Scramble.Bits(key, (ulong)first), Math.Min(tiesOf, Count - first));
        listing.WriteRecord(first + places[position - first], json);
    }
}
