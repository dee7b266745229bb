namespace KapsoArchive.Core.Messages;

/// <summary>What a piece of a message's content is.</summary>
public enum PieceKind
{
    /// <summary>Words of this program that introduce what follows: <c>Voice message</c>.</summary>
    Heading,

    /// <summary>What somebody wrote, said or read.</summary>
    Text,

    /// <summary>Name of a file, a place or a person.</summary>
    Name,

    /// <summary>A technical fact about a file: its type or size.</summary>
    Fact,

    /// <summary>One of several: a button, a telephone number, an ordered product.</summary>
    Option,

    /// <summary>The option that somebody chose.</summary>
    Choice,

    /// <summary>A reaction.</summary>
    Emoji,

    /// <summary>Why a message was not delivered or cannot be shown, in the source's words.</summary>
    Error,

    /// <summary>Text of a member that has no rendering of its own, labelled with the member's name.</summary>
    Field,

    /// <summary>JSON as sent.</summary>
    Json,
}
