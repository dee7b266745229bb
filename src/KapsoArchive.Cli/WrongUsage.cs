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
        if (arguments.Select(a => a.Split('=')[0]).FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && !options.Contains(a))
            is { } option)
            return Unknown("option", option, options);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string typed = parsed.UnmatchedTokens[0];
            return commands.Length > 0 ? Unknown("command", typed, commands)
                : $"There is one argument too many: {VisibleText.PrintedLine(typed)}. Put quotes around a text with spaces.";
        }

        return string.Join(Environment.NewLine, parsed.Errors.Select(error => WithNearest(error.Message)));
    }

    private static string Unknown(string kind, string typed, IEnumerable<string> known) =>
        $"There is no {kind} {VisibleText.PrintedLine(typed)}.{Meant(typed, known)}";

    private static string Meant(string typed, IEnumerable<string> known) =>
        Spelling.Nearest(typed, known) is { } meant ? $" Did you mean {meant}?" : "";

    /// <summary>The library's message about a value names the possible values, one on a line.</summary>
    private static string WithNearest(string message)
    {
        string[] words = message.Contains("\n\t'", StringComparison.Ordinal)
            ? [.. Quoted().Matches(message).Select(m => m.Groups["word"].Value)]
            : [];
        return words is not [var typed, .. { Length: > 0 } possible] ? VisibleText.PrintedLine(message)
            : $"{VisibleText.PrintedLine(typed)} is not a possible value. Use {string.Join(", ", possible)}.{Meant(typed, possible)}";
    }

    [GeneratedRegex("'(?<word>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
