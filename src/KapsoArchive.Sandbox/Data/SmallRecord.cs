namespace KapsoArchive.Sandbox.Data;

/// <summary>The JSON of a message added after the start: small, and generated in well under a microsecond.</summary>
internal static class SmallRecord
{
    public static byte[] Make(string id, long number, DateTimeOffset createdAt, DateTimeOffset updatedAt)
    {
        using var json = new Utf8Buffer(512);
        json.Append("{\"id\":\""u8);
        System.Text.Encoding.ASCII.GetBytes(id, json.Claim(id.Length));
        WriteRest(number, createdAt, updatedAt, json);
        return json.Written.ToArray();
    }

    /// <summary>A record for a position past the end of a listing; always the same for one position.</summary>
    public static void Invent(long position, Utf8Buffer json)
    {
        var time = DateTimeOffset.UnixEpoch.AddSeconds(position % 1_000_000_000);
        ulong key = Scramble.Bits(0xE0D1E55, (ulong)position);
        json.Append("{\"id\":\""u8);
        json.Append(Scramble.Uuid(key, Scramble.Bits(key)));
        WriteRest(position, time, time, json);
    }

    private static void WriteRest(long number, DateTimeOffset createdAt, DateTimeOffset updatedAt, Utf8Buffer json)
    {
        json.Append("\",\"message_type\":\"text\",\"content\":\"Message "u8);
        json.Append(number);
        json.Append("\",\"direction\":\"inbound\",\"status\":\"delivered\",\"created_at\":\""u8);
        json.Append(createdAt.UtcDateTime, 6);
        json.Append("\",\"updated_at\":\""u8);
        json.Append(updatedAt.UtcDateTime, 6);
        json.Append("\"}"u8);
    }
}
