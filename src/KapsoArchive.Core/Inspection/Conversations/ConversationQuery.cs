namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>Which conversations of the archive to list. Every condition that is given must hold.</summary>
/// <param name="Limit">How many to return at most.</param>
public sealed record ConversationQuery(int Limit)
{
    /// <summary>What somebody knows: a name or a part of it, a number, a user name, an id or its beginning.</summary>
    public string? Text { get; init; }

    /// <summary>The beginning of an id.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>A telephone number in any spelling, or its last digits; at least four.</summary>
    public string? Phone { get; init; }

    /// <summary>A name or the beginnings of its words, a user name or a business-scoped id.</summary>
    public string? Name { get; init; }

    /// <summary>When the newest message was sent.</summary>
    public TimeRange Activity { get; init; } = TimeRange.All;

    /// <summary>The outcome of the last reading.</summary>
    public string? Outcome { get; init; }

    public ConversationOrder Order { get; init; }

    /// <summary>The id of the last conversation of the page before; null for the first page.</summary>
    public string? After { get; init; }
}
