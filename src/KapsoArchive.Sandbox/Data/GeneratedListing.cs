namespace KapsoArchive.Sandbox.Data;

/// <summary>A generated conversation, oldest first. Nothing is stored: each record is generated on request.</summary>
internal sealed class GeneratedListing(ConversationProfile conversation) : IListing
{
    private const ulong MalformedSalt = 0xBAD;

    public long Count => conversation.MessageCount;

    public void WriteRecord(long position, Utf8Buffer json)
    {
        ulong key = Scramble.Bits(conversation.Key, ~(ulong)position);
        if (Scramble.Fraction(Scramble.Bits(key, MalformedSalt)) < conversation.MalformedShare)
        {
            json.Append(MalformedRecord.Pick(key).Span);
            return;
        }
        var shape = RecordShapes.Pick(Scramble.Bits(key, ulong.MaxValue), conversation.HasFiles);
        shape.Record.Fill(new RecordDraw(conversation, key, shape.Side, conversation.Timeline.At(position)), json);
    }
}
