using System.Globalization;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>What a child is told on its command line: <c>name=value</c>, each an argument.</summary>
internal sealed class ChildSettings(IEnumerable<string> arguments)
{
    private readonly Dictionary<string, string> _values = arguments
        .Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    public string this[string name] => Find(name) ?? throw new ArgumentException($"The child needs {name}=….", nameof(name));

    public string? Find(string name) => _values.GetValueOrDefault(name);

    public long Number(string name, long otherwise) => Find(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public TimeSpan Time(string name) => Find(name) is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : TimeSpan.Zero;

    /// <summary>The settings of the program itself, such as <c>Archive:Destination</c>.</summary>
    public IEnumerable<KeyValuePair<string, string?>> OfProgram() =>
        _values.Where(v => v.Key.Contains(':', StringComparison.Ordinal)).Select(v => KeyValuePair.Create(v.Key, (string?)v.Value));
}
