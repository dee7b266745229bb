namespace KapsoArchive.Core.Lake.Records;

/// <summary>The members that the archive adds to a record or to its <c>extra</c>. Members of the same name in a record are
/// renamed.</summary>
internal static class ReservedNames
{
    /// <summary>The member of a JSONL line that names the run that wrote it.</summary>
    public const string Archive = "_archive";

    /// <summary>The member of <c>extra</c> with the original bytes of a record whose text was repaired.</summary>
    public const string Record = "_record_base64";

    /// <summary>Ignores case: DuckDB and Spark treat <c>_ARCHIVE</c> and <c>_archive</c> as equal.</summary>
    public static bool Has(string name) =>
        Archive.Equals(name, StringComparison.OrdinalIgnoreCase) || Record.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name may be one of them, judging by its length and first letter.</summary>
    public static bool MayBe(ReadOnlySpan<byte> name) => name is [(byte)'_', ..] && name.Length is 8 or 14;
}
