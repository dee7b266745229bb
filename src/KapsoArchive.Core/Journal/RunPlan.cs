namespace KapsoArchive.Core.Journal;

/// <summary>The conversations that a run reads, by id. They are found once and stored, so that a resumed run reads the same.</summary>
/// <param name="ActiveSince">Time since which the source was asked for active conversations; null if it was asked for all, or not
/// asked.</param>
/// <param name="IsWholeList">Whether the whole list of conversations was read.</param>
/// <param name="Rejected">Lines of <c>_rejected</c>: conversations without an id.</param>
internal sealed record RunPlan(DateTimeOffset? ActiveSince, bool IsWholeList, [property: JsonRequired] byte[] Rejected, long RejectedCount)
{
    /// <summary>Part of the name of the document that holds the conversations; null in journals of an earlier program.</summary>
    public string? Tag { get; init; }

    /// <summary>SHA-256 of that document; null in journals of an earlier program.</summary>
    public string? PackedSha256 { get; init; }

    /// <summary>The run to which the plan belongs; null in plans of an earlier program.</summary>
    public string? RunId { get; init; }

    /// <summary>How the list of conversations was read; null if it was not read, and in plans of an earlier program.</summary>
    public ManifestDiscovery? Discovery { get; init; }

    /// <summary>Whether the plan is known to have all conversations that the source was asked for.</summary>
    [JsonIgnore]
    public bool IsProven => Discovery is not { Complete: false };

    /// <summary>The conversations, stored in a separate document.</summary>
    [JsonIgnore]
    public PackedItems Packed { get; init; } = PackedItems.None;

    /// <summary>The conversations, decoded at each access.</summary>
    [JsonIgnore]
    public IEnumerable<PlannedConversation> Conversations => Packed.Read(PlannedConversation.Read).Select((c, i) => c with { Place = i });

    public static PackedItems Upgraded(PackedItems packed) =>
        packed.Upgraded(PlannedConversation.Read, static (c, writer) => c.Write(writer));

    public static PackedItems Pack(IEnumerable<PlannedConversation> conversations) =>
        PackedItems.Of(conversations, static (c, writer) => c.Write(writer));
}
