namespace KapsoArchive.Core.Messages;

/// <summary>Gathers the pieces of one message's content in reading order. Knows which texts it has, so that what remains of the JSON can
/// follow.</summary>
internal sealed class ContentPieces
{
    private readonly List<ContentPiece> _pieces = [];
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);

    public IReadOnlyList<ContentPiece> All => _pieces;

    /// <summary>Whether anything but headings was added.</summary>
    public bool HasContent => _pieces.Exists(p => p.Kind != PieceKind.Heading);

    /// <summary>Adds a piece; nothing for null, empty text, or text that an earlier piece of this kind has.</summary>
    public void Add(PieceKind kind, string? text, string? more = null)
    {
        if (string.IsNullOrEmpty(text) || (kind == PieceKind.Text && _shown.Contains(text)))
            return;
        _pieces.Add(new ContentPiece(kind, text, string.IsNullOrEmpty(more) || more == text ? null : more));
        _shown.Add(text);
        Skip(more);
    }

    /// <summary>Counts a text as shown: a piece says the same in other words.</summary>
    public void Skip(string? text)
    {
        if (text is not null)
            _shown.Add(text);
    }

    /// <summary>Adds every text of a value that is not shown yet and that somebody may have written or seen, labelled with the name of
    /// its member.</summary>
    public void AddRest(JsonElement value) => AddRest(value, "", PieceKind.Field);

    /// <inheritdoc cref="AddRest(JsonElement)"/>
    /// <param name="value">An object, an array or a text.</param>
    /// <param name="name">The member that holds it.</param>
    /// <param name="kind">How to add it. An <see cref="PieceKind.Option"/> has no label.</param>
    public void AddRest(JsonElement value, string name, PieceKind kind)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    if (!LeftOutMembers.Has(member.Name))
                        AddRest(member.Value, member.Name, kind);
                    else if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                        AddRest(member.Value, "", kind);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.String || name.Length > 0)
                        AddRest(item, name, kind);
                }

                break;
            case JsonValueKind.String when name.Length > 0 && value.AsText() is { } text && !IsLink(text) && !_shown.Contains(text):
                JsonElement sent = name.EndsWith("_json", StringComparison.Ordinal) ? ChatMessage.ObjectOf(text) : default;
                if (sent.ValueKind == JsonValueKind.Object)
                    AddRest(sent, "", kind);
                else
                    Add(kind, text, kind == PieceKind.Field ? name.Replace('_', ' ') : null);
                break;
        }
    }

    private static bool IsLink(string text) =>
        (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        && !text.Contains(' ', StringComparison.Ordinal);
}
