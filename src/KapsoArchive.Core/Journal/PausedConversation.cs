using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Journal;

/// <summary>A conversation that was only partly read at the end of a slice.</summary>
/// <param name="Listing">State of its <see cref="Sweeps.ListingReader"/>.</param>
/// <param name="Rejected">Rejected records so far that are not yet written.</param>
/// <param name="RejectedWritten">Number of rejected records that are already written, because there were too many to wait.</param>
/// <param name="RejectedWrittenDigest">Digest of those.</param>
internal sealed record PausedConversation(
    string ConversationId, byte[] Listing, IReadOnlyList<RejectedRecord> Rejected, int RejectedWritten, ulong RejectedWrittenDigest)
{
    private const string Magic = "KAJP";
    private const byte Version = 1;

    public static ReadOnlyMemory<byte> ToBytes(IReadOnlyCollection<PausedConversation> conversations) =>
        IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write7BitEncodedInt(conversations.Count);
        foreach (PausedConversation conversation in conversations)
        {
            writer.Write(conversation.ConversationId);
            Write(conversation.Listing);
            writer.Write7BitEncodedInt(conversation.RejectedWritten);
            writer.Write(conversation.RejectedWrittenDigest);
            writer.Write7BitEncodedInt(conversation.Rejected.Count);
            foreach (RejectedRecord record in conversation.Rejected)
            {
                Write(record.Record);
                writer.Write(record.Reason);
            }
        }

        void Write(byte[] bytes)
        {
            writer.Write7BitEncodedInt(bytes.Length);
            writer.Write(bytes);
        }
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static IReadOnlyList<PausedConversation> FromBytes(ReadOnlyMemory<byte> bytes) =>
        IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        var conversations = new PausedConversation[reader.Read7BitEncodedInt()];
        for (int i = 0; i < conversations.Length; i++)
        {
            string id = reader.ReadString();
            byte[] listing = reader.ReadBytes(reader.Read7BitEncodedInt());
            int written = reader.Read7BitEncodedInt();
            ulong digest = reader.ReadUInt64();
            var rejected = new RejectedRecord[reader.Read7BitEncodedInt()];
            for (int j = 0; j < rejected.Length; j++)
                rejected[j] = new RejectedRecord(id, reader.ReadBytes(reader.Read7BitEncodedInt()), reader.ReadString());
            conversations[i] = new PausedConversation(id, listing, rejected, written, digest);
        }

        return conversations;
    });
}
