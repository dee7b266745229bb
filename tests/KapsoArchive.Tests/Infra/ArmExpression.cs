using System.Globalization;
using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Infra;

/// <summary>The few expressions in a snapshot that can be known without a deployment: texts put together from literals and the public cloud's host names.</summary>
public static partial class ArmExpression
{
    /// <returns>The text; the expression itself where only a deployment knows it, such as an identity's id.</returns>
    public static string Resolve(string value)
    {
        string text = value.Replace("environment().suffixes.storage", "'core.windows.net'").Replace("environment().suffixes.keyvaultDns", "'.vault.azure.net'");
        Match format = Format().Match(text);
        if (!format.Success)
            return value;
        object[] arguments = [.. format.Groups["argument"].Captures.Select(capture => capture.Value)];
        return string.Format(CultureInfo.InvariantCulture, format.Groups["format"].Value, arguments);
    }

    [GeneratedRegex(@"^\[format\('(?<format>[^']*)'(, '(?<argument>[^']*)')+\)\]$", RegexOptions.ExplicitCapture)]
    private static partial Regex Format();
}
