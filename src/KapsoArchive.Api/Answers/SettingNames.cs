using System.Text.RegularExpressions;

namespace KapsoArchive.Api.Answers;

/// <summary>Extracts the names of settings from a message, without their values.</summary>
internal static partial class SettingNames
{
    /// <summary>For the beginning of a sentence.</summary>
    public static string In(string message) =>
        Name().Matches(message).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } names
        ? string.Join(" and ", names)
        : "A setting";

    [GeneratedRegex(@"\b(?:(?:Archive|Kapso|Api):[A-Za-z]+|ArchiveSchedule|AzureWebJobsStorage)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
