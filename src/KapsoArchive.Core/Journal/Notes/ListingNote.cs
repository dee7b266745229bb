using KapsoArchive.Core.Index;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Journal.Notes;

/// <summary>What the last reading of a conversation left for the next: the messages that may have been removed, and the unreadable
/// records.</summary>
internal sealed record ListingNote(IReadOnlyList<WaitingMessage> Waiting, UnreadableRecords Unreadable)
{
    public static ListingNote None { get; } = new([], UnreadableRecords.None);

    public bool IsEmpty => Waiting.Count == 0 && Unreadable.Positions.Count == 0;

    /// <summary>Time at which the first waiting message may be marked as removed, in microseconds; null if none waits.</summary>
    public long? RipeAt(TimeSpan grace) => Waiting.Count == 0 ? null : Waiting.Min(w => w.Since) + (long)grace.TotalMicroseconds;

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Waiting.Count);
        foreach (WaitingMessage message in Waiting)
        {
            writer.Write(message.Key);
            writer.Write(message.Since);
        }

        writer.Write7BitEncodedInt(Unreadable.Positions.Count);
        foreach (long position in Unreadable.Positions)
            writer.Write7BitEncodedInt64(position);
        writer.WriteOptional(Unreadable.Total);
    }

    public static ListingNote Read(BinaryReader reader)
    {
        var waiting = new WaitingMessage[reader.Read7BitEncodedInt()];
        for (int i = 0; i < waiting.Length; i++)
            waiting[i] = new WaitingMessage(reader.ReadUInt128(), reader.ReadInt64());
        long[] positions = new long[reader.Read7BitEncodedInt()];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = reader.Read7BitEncodedInt64();
        return new ListingNote(waiting, new UnreadableRecords(positions, reader.ReadOptional()));
    }
}
