namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>The order of a list of conversations.</summary>
public enum ConversationOrder
{
    /// <summary>The newest message first.</summary>
    Last,

    /// <summary>By name, then by number.</summary>
    Name,

    /// <summary>The most messages first.</summary>
    Messages,
}
