using System.CommandLine;
using System.Text.RegularExpressions;

namespace KapsoArchive.Cli;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static partial class WrongUsage
{
    public static string Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        Command command = parsed.CommandResult.Command;
        string[] options = [.. command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)), "--help"];
        string[] commands = [.. command.Subcommands.Select(c => c.Name)];
        if (arguments.FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && !options.Contains(a.Split('=')[0])) is { } option)
            return Unknown("option", option.Split('=')[0], options);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return commands.Length > 0
                ? Unknown("command", parsed.UnmatchedTokens[0], commands)
                : $"There is one argument too many: {VisibleText.PrintedLine(parsed.UnmatchedTokens[0])}. "
                    + "Put quotes around a text with spaces.";
        }

        return string.Join(Environment.NewLine, parsed.Errors.Select(error => WithNearest(error.Message)));
    }

    private static string Unknown(string kind, string typed, IEnumerable<string> known) =>
        $"There is no {kind} {VisibleText.PrintedLine(typed)}.{Meant(typed, known)}";

    private static string Meant(string typed, IEnumerable<string> known) =>
        Spelling.Nearest(typed, known) is { } meant ? $" Did you mean {meant}?" : "";

    /// <summary>The library's message about a value names the possible values.</summary>
    private static string WithNearest(string message)
    {
        string[] words = [.. Quoted().Matches(message).Select(m => m.Groups["word"].Value)];
        return words.Length < 2
            ? VisibleText.PrintedLine(message)
            : $"{VisibleText.PrintedLine(words[0])} is not a possible value. Use {string.Join(", ", words[1..])}."
                + Meant(words[0], words[1..]);
    }

    [GeneratedRegex("'(?<word>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
