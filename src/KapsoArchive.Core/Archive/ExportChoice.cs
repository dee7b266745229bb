namespace KapsoArchive.Core.Archive;

/// <summary>What an export takes besides its conversations and its time range.</summary>
public sealed record ExportChoice
{
    /// <summary>The directions that an export can be limited to.</summary>
    public static IReadOnlyList<string> KnownDirections { get; } = ["inbound", "outbound"];

    /// <summary>The types of messages that the source documents. It may send others.</summary>
    public static IReadOnlyList<string> KnownTypes { get; } =
    [
        "text", "image", "audio", "video", "document", "sticker", "location", "contacts", "template", "interactive", "button", "order",
        "reaction", "unsupported", "system", "edit", "revoke",
    ];

    /// <summary>Where messages come from.</summary>
    public ExportSource Source { get; init; }

    /// <summary>Whether it has every archived version of a message, and removed messages.</summary>
    public bool AllVersions { get; init; }

    /// <summary>The other party; null for any.</summary>
    public ExportContact? Contact { get; init; }

    /// <summary>Null for any direction.</summary>
    public IReadOnlyList<string>? Directions { get; init; }

    /// <summary>Null for any type.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Whether the files behind its messages are left out. Not their presence: a document of an earlier version lacks the
    /// member.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithoutMedia { get; init; }

    /// <summary>Whether messages of every direction and type are taken.</summary>
    internal bool TakesAll => Directions is null && Types is null;

    /// <summary>What is wrong with a type, in a sentence; null if nothing is. A type that resembles no known one may be new.</summary>
    public static string? ObjectionToType(string type) =>
        type.Length is 0 or > 64 ? "A type has 1 to 64 characters."
        : !KnownTypes.Contains(type) && Spelling.Nearest(type, KnownTypes) is { } meant ? $"There is no such type. Did you mean {meant}?"
        : null;

    internal bool Takes(Utf8Text direction, Utf8Text type) =>
        Directions?.Contains(direction.ToString()) != false && Types?.Contains(type.ToString()) != false;
}
