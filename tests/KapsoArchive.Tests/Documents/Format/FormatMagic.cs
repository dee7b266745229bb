namespace KapsoArchive.Tests.Documents.Format;

/// <summary>What every file begins and ends with whose content another page or a public format describes.</summary>
internal static class FormatMagic
{
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Check(FormatFile file) => Path.GetExtension(file.Name) switch
    {
        ".parquet" => Frame(file, "PAR1"u8, "PAR1"u8),
        ".csv" => Frame(file, [0xEF, 0xBB, 0xBF, .. "conversation_id,"u8], "\r\n"u8),
        ".xlsx" or ".zip" => Frame(file, "PK\u0003\u0004"u8, []),
        ".html" => Frame(file, "<!doctype html>"u8, []),
        _ => null,
    };

    private static string? Frame(FormatFile file, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        ReadOnlySpan<byte> bytes = file.Bytes();
        return bytes.StartsWith(start) && bytes.EndsWith(end) ? null : "it does not begin or end as such a file does";
    }
}
