namespace KapsoArchive.Sandbox;

/// <summary>The truth about the file behind a link.</summary>
/// <param name="ContentType">As the storage service declares it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
public sealed record SandboxFile(string ContentType, long Length, string Sha256);

/// <summary>A message that has a link.</summary>
public sealed record SandboxAttachment(string ConversationId, string MessageId, Uri Link, SandboxFile File);

/// <summary>The requests for one file so far.</summary>
/// <param name="Links">At the API's host.</param>
/// <param name="Storage">At the storage service, redirects included.</param>
public sealed record SandboxMediaRequests(long Links, long Storage);
