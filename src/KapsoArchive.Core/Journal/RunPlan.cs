using System.Text.Json.Serialization;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Journal;

/// <summary>The conversations that a run reads, by id, found once and kept, so that the run stays the same run when it is taken up
/// again.</summary>
/// <param name="ActiveSince">From when on the source was asked for active conversations; null where it was not asked, or for all.</param>
/// <param name="IsWholeList">Whether the whole list of conversations was read.</param>
/// <param name="Rejected">Lines of <c>_rejected</c>: conversations without an id.</param>
internal sealed record RunPlan(DateTimeOffset? ActiveSince, bool IsWholeList, [property: JsonRequired] byte[] Rejected, long RejectedCount)
{
    /// <summary>In the name of the document that holds the conversations; null in journals of an earlier program.</summary>
    public string? Tag { get; init; }

    /// <summary>The SHA-256 of that document; null in journals of an earlier program.</summary>
    public string? PackedSha256 { get; init; }

    /// <summary>The run that it belongs to; null in plans of an earlier program.</summary>
    public string? RunId { get; init; }

    /// <summary>How the list of conversations was read; null if it was not, and in plans of an earlier program.</summary>
    public ManifestDiscovery? Discovery { get; init; }

    /// <summary>Whether all conversations that the source was asked for are known to be in the plan.</summary>
    [JsonIgnore]
    public bool IsProven => Discovery is not { Complete: false };

    /// <summary>The conversations, which a document of their own holds.</summary>
    [JsonIgnore]
    public PackedRecords Packed { get; init; } = PackedRecords.None;

    /// <summary>The same where there is no such document; null where there is.</summary>
    [JsonPropertyName("packed")]
    public InlineRecords? InlinePacked { get; init; }

    /// <summary>Made anew each time.</summary>
    [JsonIgnore]
    public IEnumerable<PlannedConversation> Conversations => Packed.Read(PlannedConversation.Read);

    public static PackedRecords Upgraded(PackedRecords packed) => packed.Upgraded(PlannedConversation.Read, static (c, writer) => c.Write(writer));

    public static PackedRecords Pack(IEnumerable<PlannedConversation> conversations) => PackedRecords.Of(conversations, static (c, writer) => c.Write(writer));
}
