namespace KapsoArchive.Sandbox;

/// <summary>A conversation as listed by the conversations endpoint, with its number of messages.</summary>
/// <param name="Id">A UUID in lower case.</param>
/// <param name="PhoneNumber">The contact's number, with a leading +.</param>
/// <param name="ContactName">Null if unknown.</param>
/// <param name="Status"><c>active</c> or <c>ended</c>.</param>
/// <param name="LastActiveAt">When its newest message was created, truncated to the millisecond; UTC.</param>
/// <param name="MessageCount">The length of its listing.</param>
public sealed record SandboxConversation(
    string Id,
    string PhoneNumber,
    string? ContactName,
    string Status,
    DateTimeOffset LastActiveAt,
    long MessageCount);
