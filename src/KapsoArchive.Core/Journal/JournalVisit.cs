using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;

namespace KapsoArchive.Core.Journal;

/// <summary>A conversation that a run has finished: its row of the conversations dataset, and what else the index needs.</summary>
/// <param name="IsUnknownToSource">Whether the source reported that the conversation does not exist.</param>
/// <param name="RejectedDigest">See <see cref="Index.RejectedDigest"/>.</param>
/// <param name="IsNewlyGone">Whether this run is the first to find it gone.</param>
/// <param name="Due">Whether every page was read because its turn had come.</param>
internal sealed record JournalVisit(ConversationRow Row, bool IsUnknownToSource, ulong RejectedDigest, bool IsNewlyGone, bool Due)
{
    /// <summary>The sweep is in the low bits of its byte; above them is 1 more than the source of an export, or 0.</summary>
    private const int SourceBits = 4;

    /// <summary>What the reading left for the next one.</summary>
    public ListingNote Note { get; init; } = ListingNote.None;

    public ConversationVisit ToVisit() => ConversationVisit.Of(Row, IsUnknownToSource, RejectedDigest);

    /// <summary>Writes everything but the run, which the journal knows.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Row.ConversationId);
        writer.Write((byte)Row.Outcome);
        writer.Write((byte)((int)Row.Sweep | (Row.From is { } from ? ((int)from + 1) << SourceBits : 0)));
        writer.WriteOptional(Row.PhoneNumber);
        writer.WriteOptional(Row.ContactName);
        writer.WriteOptional(Row.Status);
        writer.WriteOptional(Row.LastActiveAt);
        writer.WriteOptional(Row.Reason);
        writer.WriteOptional(Row.ReportedCount);
        ReadOnlySpan<long> counts = [Row.DistinctCount, Row.Added, Row.Changed, Row.Removed, Row.Rejected, Row.Pages, Row.Sweeps];
        foreach (long count in counts)
            writer.Write7BitEncodedInt64(count);
        writer.Write(IsUnknownToSource);
        writer.Write(RejectedDigest);
        writer.Write(IsNewlyGone);
        writer.Write(Due);
        writer.WriteOptional(Row.BusinessScopedUserId);
        writer.WriteOptional(Row.Username);
        writer.WriteOptional(Row.Extra);
        Note.Write(writer);
        if (Row.From is not null)
            writer.WriteOptional(Row.AsOf);
    }

    /// <param name="version">Version of <see cref="PackedItems"/> in which it was written.</param>
    public static JournalVisit Read(BinaryReader reader, RunStamp run, byte version = PackedItems.CurrentVersion)
    {
        (string id, var outcome, byte sweep) = (reader.ReadString(), (ConversationOutcome)reader.ReadByte(), reader.ReadByte());
        var row = new ConversationRow
        {
            Run = run,
            ConversationId = id,
            Outcome = outcome,
            Sweep = (SweepKind)(sweep & ((1 << SourceBits) - 1)),
            From = sweep >> SourceBits is > 0 and var source ? (ExportSource)(source - 1) : null,
            PhoneNumber = reader.ReadOptionalText(),
            ContactName = reader.ReadOptionalText(),
            Status = reader.ReadOptionalText(),
            LastActiveAt = reader.ReadOptional(),
            Reason = reader.ReadOptionalText(),
            ReportedCount = reader.ReadOptional(),
            DistinctCount = reader.Read7BitEncodedInt64(),
            Added = reader.Read7BitEncodedInt64(),
            Changed = reader.Read7BitEncodedInt64(),
            Removed = reader.Read7BitEncodedInt64(),
            Rejected = reader.Read7BitEncodedInt64(),
            Pages = reader.Read7BitEncodedInt64(),
            Sweeps = reader.Read7BitEncodedInt64(),
        };
        var visit = new JournalVisit(row, reader.ReadBoolean(), reader.ReadUInt64(), reader.ReadBoolean(), reader.ReadBoolean());
        if (version == 1)
            return visit;
        row = row with
        {
            BusinessScopedUserId = reader.ReadOptionalText(),
            Username = reader.ReadOptionalText(),
            Extra = reader.ReadOptionalText(),
        };
        var note = ListingNote.Read(reader);
        return visit with { Row = row.From is null ? row : row with { AsOf = reader.ReadOptional() }, Note = note };
    }
}
