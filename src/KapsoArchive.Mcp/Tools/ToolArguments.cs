namespace KapsoArchive.Mcp.Tools;

/// <summary>The arguments of a call.</summary>
internal sealed class ToolArguments
{
    private readonly IDictionary<string, JsonElement> _given;

    /// <exception cref="SettingException">An argument is not a parameter of the tool.</exception>
    public ToolArguments(IReadOnlyList<ToolParameter> parameters, IDictionary<string, JsonElement>? given)
    {
        _given = given ?? new Dictionary<string, JsonElement>();
        string[] known = [.. parameters.Select(p => p.Name)];
        if (_given.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            string meant = Spelling.Nearest(unknown, known) is { } near ? $" Did you mean {near}?" : "";
            string all = known.Length > 0 ? string.Join(", ", known) : "none";
            throw new SettingException($"There is no parameter {AgentText.Line(unknown)}.{meant} The parameters are: {all}.");
        }
    }

    public JsonElement? Find(string name) => _given.TryGetValue(name, out JsonElement value) ? value : null;
}
