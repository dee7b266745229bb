using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>What the pages state about the archive that they show.</summary>
/// <param name="Newest">The manifest of the newest run.</param>
/// <param name="Sha256">The hash of that manifest.</param>
internal sealed record ArchiveView(ConversationDirectory Directory, Manifest Newest, string Sha256);
