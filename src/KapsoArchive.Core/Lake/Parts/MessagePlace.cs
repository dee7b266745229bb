using System.Runtime.InteropServices;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Where a message lies in a set of Parquet parts, and what its place in its conversation is told by.</summary>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC; the least number for none.</param>
/// <param name="Position">Its <see cref="MessageRow.Position"/>; the least number if it has none.</param>
/// <param name="Group">The row group, counted through all parts.</param>
/// <param name="Row">The row in it. Within a group, messages of one moment and one position are in the order of their ids.</param>
/// <param name="Name">A hash of the message's WhatsApp id; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MessagePlace(long CreatedAt, long Position, int Group, int Row, ulong Name)
{
    /// <summary>The order in which messages are shown, the same for the same parts.</summary>
    public static int Compare(MessagePlace one, MessagePlace other)
    {
        int order = one.CreatedAt.CompareTo(other.CreatedAt);
        if (order == 0)
            order = one.Position.CompareTo(other.Position);
        if (order == 0)
            order = one.Group.CompareTo(other.Group);
        return order != 0 ? order : one.Row.CompareTo(other.Row);
    }
}
