namespace KapsoArchive.Sandbox.Data;

/// <summary>The shape of one kind of record, and its frequency per 1,000 records.</summary>
internal sealed class RecordShape
{
    /// <param name="weight">Records of this shape per 1,000.</param>
    /// <param name="json">The whole record.</param>
    /// <param name="side">Who may send it.</param>
    public RecordShape(int weight, string json, Side side = Side.Either)
    {
        Weight = weight;
        Side = side;
        Record = new Template(json);
    }

    /// <summary>A record with all fields; the texts are JSON.</summary>
    public RecordShape(
        int weight,
        string type,
        string content,
        string data,
        Side side = Side.Either,
        string mediaUrl = "null",
        string metadata = "{}",
        string status = "$status$",
        string more = "")
        : this(
            weight,
            $$"""
            {"id":"$id$","phone_number":"+$phone$","message_type":"{{type}}","content":{{content}},"direction":"$direction$",
            "status":"{{status}}","processing_status":"$processing$","whatsapp_message_id":"wamid.$wamid$",
            "metadata":{{metadata}},"media_url":{{mediaUrl}},
            "message_type_data":{{data}},"created_at":"$createdAt$","updated_at":"$updatedAt$"{{more}}}
            """.ReplaceLineEndings(""),
            side)
    {
    }

    public int Weight { get; }

    public Side Side { get; }

    public Template Record { get; }

    /// <summary>What replaces every third record of this shape if the sandbox serves files: one with a file of another format.</summary>
    public RecordShape? WithOtherFile { get; init; }
}
