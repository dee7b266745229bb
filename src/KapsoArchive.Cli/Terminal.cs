using Spectre.Console;
using Spectre.Console.Rendering;

namespace KapsoArchive.Cli;

/// <summary>The only access to the terminal; a test checks that no other file uses the console. Control characters in printed text have no
/// effect.</summary>
internal static class Terminal
{
    private const int RedirectedWidth = 1000;

    /// <summary>Whether a user can answer questions.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static bool IsErrorRedirected => Console.IsErrorRedirected;

    /// <summary>Prints a line of the result on stdout.</summary>
    public static Task SayAsync(string text) => Console.Out.WriteLineAsync(VisibleText.Printed(text));

    /// <summary>Prints a JSON document on stdout, with control characters escaped. Its value does not change.</summary>
    public static Task SayJsonAsync(ReadOnlyMemory<byte> json) => SayJsonAsync(System.Text.Encoding.UTF8.GetString(json.Span));

    /// <inheritdoc cref="SayJsonAsync(ReadOnlyMemory{byte})"/>
    public static Task SayJsonAsync(string json) => Console.Out.WriteLineAsync(VisibleText.Json(json));

    /// <summary>Prints a progress line on stderr.</summary>
    public static Task TellAsync(string text) => Console.Error.WriteLineAsync(VisibleText.Printed(text));

    /// <summary>Asks on stderr; null if the input ends.</summary>
    public static async Task<string?> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(VisibleText.Printed(question));
        return (await Console.In.ReadLineAsync(cancellationToken))?.Trim();
    }

    /// <summary>Reads stdin to its end.</summary>
    public static Task<string> ReadInputAsync(CancellationToken cancellationToken) => Console.In.ReadToEndAsync(cancellationToken);

    /// <summary>Opens stdin, for a protocol.</summary>
    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>Opens stdout for binary output, such as an HTML report.</summary>
    public static Stream OpenFile() => Console.OpenStandardOutput();

    /// <summary>Opens stdout for a report.</summary>
    public static IAnsiConsole OpenReport()
    {
        IAnsiConsole console = Open(Console.Out);
        if (Console.IsOutputRedirected)
            console.Profile.Width = RedirectedWidth; // A script cannot use a path that is split over two lines.
        return console;
    }

    /// <summary>Opens stderr for live output.</summary>
    public static IAnsiConsole OpenProgress() => Open(Console.Error);

    private static IAnsiConsole Open(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Pipeline.Attach(new VisibleOnly());
        return console;
    }

    /// <summary>Filters all rendered text; the console's own control sequences, such as colors, stay.</summary>
    private sealed class VisibleOnly : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(r => new Shown(r));

        private sealed class Shown(IRenderable inner) : IRenderable
        {
            public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

            public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
                inner.Render(options, maxWidth)
                    .Select(s => s.IsControlCode || s.IsLineBreak ? s : new Segment(VisibleText.Printed(s.Text), s.Style));
        }
    }
}
