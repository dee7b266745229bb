namespace KapsoArchive.Core.Lake.Records;

/// <summary>The members that the archive adds to a record, or to its <c>extra</c>. A record that has one of its own gives way.</summary>
internal static class ReservedNames
{
    /// <summary>The member of a line of JSONL that says which run wrote it.</summary>
    public const string Archive = "_archive";

    /// <summary>The member of <c>extra</c> that holds a record's own bytes, because its text was repaired.</summary>
    public const string Record = "_record_base64";

    /// <summary>In any case of letters: DuckDB and Spark take <c>_ARCHIVE</c> for <c>_archive</c>.</summary>
    public static bool Has(string name) => Archive.Equals(name, StringComparison.OrdinalIgnoreCase) || Record.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name may be one of them, by its length and its first letter.</summary>
    public static bool MayBe(ReadOnlySpan<byte> name) => name is [(byte)'_', ..] && name.Length is 8 or 14;
}
