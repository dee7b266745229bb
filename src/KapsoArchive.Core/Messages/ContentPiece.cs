namespace KapsoArchive.Core.Messages;

/// <summary>One piece of a message's content.</summary>
/// <param name="Text">As sent; not made safe for display.</param>
/// <param name="More">What belongs to it: the description of a choice, or the label of a field.</param>
public sealed record ContentPiece(PieceKind Kind, string Text, string? More = null);
