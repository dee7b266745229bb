namespace KapsoArchive.Core.Archive;

/// <summary>The types of messages whose files are fetched.</summary>
internal sealed class MediaScope
{
    private const string Setting = "Archive:Media (environment Archive__Media)";

    private readonly string[] _types;

    private MediaScope(string[] types) => _types = types;

    public static MediaScope None { get; } = new([]);

    public static MediaScope All { get; } = new(["all"]);

    public bool IsNone => _types.Length == 0;

    /// <exception cref="SettingException">The text is not a list of types.</exception>
    public static MediaScope Parse(string? text)
    {
        string[] types = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return types is ["none"] ? None
            : types is ["all"] ? All
            : types.Length > 0 && types.All(t => t is not ("all" or "none") && t.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                ? new MediaScope([.. types.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
            : throw new SettingException(
                $"{Setting} must be all, none, or types of messages separated by commas, for example image,audio,video,document,sticker.");
    }

    public bool Takes(Utf8Text type) =>
        ReferenceEquals(this, All) || Array.Exists(_types, t => type.HasValue && Utf8Text.From(t) == type);

    public override string ToString() => IsNone ? "none" : string.Join(',', _types);
}
