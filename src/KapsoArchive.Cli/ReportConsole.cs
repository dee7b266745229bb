using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Opens stdout for a report.</summary>
internal static class ReportConsole
{
    private const int RedirectedWidth = 1000;

    public static IAnsiConsole Open()
    {
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = RedirectedWidth; // A path that is folded over two lines is of no use to a script.
        return console;
    }
}
