namespace KapsoArchive.Sandbox.Data;

/// <summary>The messages of one conversation as a numbered list, which is all that paging needs. Any type that knows its count and can
/// write the record at a position can be served, including a listing that moves while it is read.</summary>
internal interface IListing
{
    long Count { get; }

    /// <summary>Writes the record's JSON, without a line break.</summary>
    void WriteRecord(long position, Utf8Buffer json);
}
