namespace KapsoArchive.Mcp.Tools;

/// <summary>A parameter of a tool: what the client is told of it, and how its value is checked. An empty text counts as absent, because
/// models send it.</summary>
internal abstract record ToolParameter(string Name, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>Its JSON schema.</summary>
    public abstract JsonObject ToSchema();

    /// <returns>Null if the parameter is absent.</returns>
    protected JsonElement? Find(ToolArguments arguments) =>
        arguments.Find(Name) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value
            && !(value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()))
            ? value
            : IsRequired ? throw new SettingException($"The parameter {Name} is missing. {Description}") : null;

    protected SettingException Wrong(string what) => new($"The parameter {Name} {what}.");
}

/// <summary>A text of a bounded length.</summary>
internal sealed record TextParameter(string Name, string Description) : ToolParameter(Name, Description)
{
    /// <summary>In characters.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>The possible values; empty for any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <exception cref="SettingException">The value is missing, or not a possible one.</exception>
    public string? Of(ToolArguments arguments)
    {
        if (Find(arguments) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong("must be a text");
        string text = value.GetString()!.Trim();
        if (text.Length > MaxLength)
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters. Give at most {MaxLength}"));
        return Choices.Count == 0 || Choices.Contains(text)
            ? text
            : throw Wrong($"is \"{AgentText.Line(text)}\". Give one of: {string.Join(", ", Choices)}");
    }

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "string", ["description"] = Description, ["maxLength"] = MaxLength };
        if (Choices.Count > 0)
            schema["enum"] = new JsonArray([.. Choices.Select(c => JsonValue.Create(c))]);
        return schema;
    }
}

/// <summary>A whole number within bounds.</summary>
internal sealed record NumberParameter(string Name, string Description, int Default, int Least, int Most) : ToolParameter(Name, Description)
{
    /// <exception cref="SettingException">The value is not a whole number within the bounds.</exception>
    public int Of(ToolArguments arguments) => Find(arguments) is not { } value ? Default
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= Least && number <= Most ? number
        : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {Least} to {Most}"));

    public override JsonObject ToSchema() => new()
    {
        ["type"] = "integer",
        ["description"] = Description,
        ["default"] = Default,
        ["minimum"] = Least,
        ["maximum"] = Most,
    };
}
