namespace KapsoArchive.Core.Lake.Parts;

/// <summary>A message's row in a set of Parquet parts, with the values that determine its order in the conversation.</summary>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC; the minimum value if absent.</param>
/// <param name="Position">Its <see cref="MessageRow.Position"/>; the minimum value if absent.</param>
/// <param name="Group">The row group, counted across all parts.</param>
/// <param name="Row">The row in the group. Messages of one group with equal time and position are in the order of their ids.</param>
/// <param name="Name">A hash of the message's WhatsApp id; 0 if absent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MessagePlace(long CreatedAt, long Position, int Group, int Row, ulong Name)
{
    /// <summary>Compares by display order, which is the same for the same parts.</summary>
    public static int Compare(MessagePlace one, MessagePlace other)
    {
        int order = one.CreatedAt.CompareTo(other.CreatedAt);
        if (order == 0)
            order = one.Position.CompareTo(other.Position);
        if (order == 0)
            order = one.Group.CompareTo(other.Group);
        return order != 0 ? order : one.Row.CompareTo(other.Row);
    }

    /// <summary>The hash of a WhatsApp id; 0 if empty.</summary>
    public static ulong NameOf(ReadOnlySpan<byte> whatsappId) => whatsappId.IsEmpty ? 0 : XxHash3.HashToUInt64(whatsappId);
}
