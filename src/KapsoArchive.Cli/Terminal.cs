using KapsoArchive.Core.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KapsoArchive.Cli;

/// <summary>
/// The program's one way to the terminal: no other file names the console, which a test holds. Whatever is printed, a terminal only shows it: no character of a name, a document or an error acts.
/// </summary>
internal static class Terminal
{
    private const int RedirectedWidth = 1000;

    /// <summary>Whether somebody sits there who can answer.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static bool IsErrorRedirected => Console.IsErrorRedirected;

    /// <summary>Prints a line of the result, on stdout.</summary>
    public static Task SayAsync(string text) => Console.Out.WriteLineAsync(VisibleText.Printed(text));

    /// <summary>Prints a JSON document, on stdout: with the same value, and with what would act on a terminal escaped.</summary>
    public static Task SayJsonAsync(ReadOnlyMemory<byte> json) => SayJsonAsync(System.Text.Encoding.UTF8.GetString(json.Span));

    /// <inheritdoc cref="SayJsonAsync(ReadOnlyMemory{byte})"/>
    public static Task SayJsonAsync(string json) => Console.Out.WriteLineAsync(VisibleText.Json(json));

    /// <summary>Prints a line about the way there, on stderr.</summary>
    public static Task TellAsync(string text) => Console.Error.WriteLineAsync(VisibleText.Printed(text));

    /// <summary>Asks on stderr; null if there is no answer.</summary>
    public static async Task<string?> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(VisibleText.Printed(question));
        return (await Console.In.ReadLineAsync(cancellationToken))?.Trim();
    }

    /// <summary>Opens stdout for bytes that are a file of their own, such as a page.</summary>
    public static Stream OpenFile() => Console.OpenStandardOutput();

    /// <summary>Opens stdout for a report.</summary>
    public static IAnsiConsole OpenReport()
    {
        IAnsiConsole console = Open(Console.Out);
        if (Console.IsOutputRedirected)
            console.Profile.Width = RedirectedWidth; // A path that is folded over two lines is of no use to a script.
        return console;
    }

    /// <summary>Opens stderr for what renews itself.</summary>
    public static IAnsiConsole OpenProgress() => Open(Console.Error);

    private static IAnsiConsole Open(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Pipeline.Attach(new VisibleOnly());
        return console;
    }

    /// <summary>Everything that is laid out passes here; what the console itself commands, such as a colour, stays.</summary>
    private sealed class VisibleOnly : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new Shown(r));

        private sealed class Shown(IRenderable inner) : IRenderable
        {
            public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

            public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
                inner.Render(options, maxWidth).Select(s => s.IsControlCode || s.IsLineBreak ? s : new Segment(VisibleText.Printed(s.Text), s.Style));
        }
    }
}
