using System.Text.RegularExpressions;

namespace KapsoArchive.FunctionsHost;

/// <summary>The application settings, with which the names in bindings are resolved.</summary>
internal sealed partial class AppSettings(IReadOnlyDictionary<string, string> values)
{
    public const string Storage = "AzureWebJobsStorage";

    /// <summary>Replaces each <c>%NAME%</c>.</summary>
    /// <returns>Null if a setting is missing or empty.</returns>
    public string? Resolve(string text)
    {
        bool isMissing = false;
        string resolved = Name().Replace(text, name =>
        {
            string? value = values.GetValueOrDefault(name.Groups[1].Value);
            isMissing |= string.IsNullOrEmpty(value);
            return value ?? "";
        });
        return isMissing ? null : resolved;
    }

    /// <summary>The connection string of a binding.</summary>
    /// <param name="name">The setting that the binding names; null for the app's own storage.</param>
    public string Connection(string? name) => values.GetValueOrDefault(name ?? Storage)
        ?? throw new InvalidOperationException($"The setting {name ?? Storage} is missing: the stand-in reaches queues by a connection string.");

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Name();
}
