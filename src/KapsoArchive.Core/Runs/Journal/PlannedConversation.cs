using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>One conversation to read.</summary>
/// <param name="Full">Whether every page is to be read.</param>
/// <param name="Due">Whether that is because its turn has come, and for no other reason.</param>
internal sealed record PlannedConversation(
    string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt, bool Full, bool Due)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(Id);
        writer.WriteOptional(PhoneNumber);
        writer.WriteOptional(ContactName);
        writer.WriteOptional(Status);
        writer.WriteOptional(LastActiveAt?.UtcTicks);
        writer.Write(Full);
        writer.Write(Due);
    }

    public static PlannedConversation Read(BinaryReader reader) => new(
        reader.ReadString(),
        reader.ReadOptionalText(),
        reader.ReadOptionalText(),
        reader.ReadOptionalText(),
        reader.ReadOptional() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        reader.ReadBoolean(),
        reader.ReadBoolean());
}
