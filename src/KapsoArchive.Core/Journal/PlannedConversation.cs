using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>One conversation to read.</summary>
/// <param name="Full">Whether to read every page.</param>
/// <param name="Due">Whether the only reason for that is that its turn has come.</param>
internal sealed record PlannedConversation(
    string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt, bool Full, bool Due)
{
    /// <summary>Number of conversations before it in the plan; not written.</summary>
    public int Place { get; init; }

    public string? BusinessScopedUserId { get; init; }

    public string? Username { get; init; }

    /// <summary>The other values of the list of conversations, as a JSON object.</summary>
    public string? Extra { get; init; }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Id);
        writer.WriteOptional(PhoneNumber);
        writer.WriteOptional(ContactName);
        writer.WriteOptional(Status);
        writer.WriteOptional(LastActiveAt?.UtcTicks);
        writer.Write(Full);
        writer.Write(Due);
        writer.WriteOptional(BusinessScopedUserId);
        writer.WriteOptional(Username);
        writer.WriteOptional(Extra);
    }

    public static PlannedConversation Read(BinaryReader reader) => Read(reader, PackedItems.CurrentVersion);

    /// <param name="version">Version of <see cref="PackedItems"/> in which it was written.</param>
    public static PlannedConversation Read(BinaryReader reader, byte version)
    {
        var planned = new PlannedConversation(
            reader.ReadString(),
            reader.ReadOptionalText(),
            reader.ReadOptionalText(),
            reader.ReadOptionalText(),
            reader.ReadOptional() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            reader.ReadBoolean(),
            reader.ReadBoolean());
        return version == 1
            ? planned
            : planned with
            {
                BusinessScopedUserId = reader.ReadOptionalText(),
                Username = reader.ReadOptionalText(),
                Extra = reader.ReadOptionalText(),
            };
    }
}
