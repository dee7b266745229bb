namespace KapsoArchive.Sandbox.Data;

/// <summary>
/// The messages of one conversation as a numbered list: all that paging needs. Whatever can say how many records it has and write
/// the one at a position can be served, a listing that moves while it is read included.
/// </summary>
internal interface IListing
{
    long Count { get; }

    /// <summary>Writes the record's JSON, without a line break.</summary>
    void WriteRecord(long position, Utf8Buffer json);
}
