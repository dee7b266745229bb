namespace KapsoArchive.Sandbox.Data;

/// <summary>Rejected records: items of a page that are not an object or have no id.</summary>
internal static class MalformedRecord
{
    private static readonly byte[][] All =
    [
        .. new[]
        {
            "42",
            "null",
            "\"a text\"",
            "[]",
            "{}",
            """
            {"id":null,"message_type":"text","content":"Without an id",
            "created_at":"2024-05-01T10:00:00Z","updated_at":"2024-05-01T10:00:00Z"}
            """.ReplaceLineEndings(""),
            """
            {"message_type":"text","content":"With no id at all",
            "created_at":"2024-05-01T10:00:00Z","updated_at":"2024-05-01T10:00:00Z"}
            """.ReplaceLineEndings(""),
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static ReadOnlyMemory<byte> Pick(ulong bits) => All[Scramble.Below(bits, All.Length)];
}
