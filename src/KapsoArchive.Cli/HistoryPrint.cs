using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Messages;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Prints the messages of a conversation on stdout, grouped by day. Control characters in them have no effect.</summary>
internal static class HistoryPrint
{
    private const int MostOfText = 4_000;
    private const string Indent = "        ";

    public static void Print(ConversationHistory history, ReadingZone zone)
    {
        IAnsiConsole console = Terminal.OpenReport();
        console.WriteLine(
            Line($"Conversation {VisibleText.Line(history.ConversationId)}: the last {history.Messages.Count:N0} of ") +
            (history.Matching == history.Total ? "" : Line($"{history.Matching:N0} that match, of ")) +
            Line($"{Quantity.Of(history.Total, "message")}, as of run {history.Snapshot}. Times are ") +
            (zone.IsUtc ? "UTC." : Line($"those of {zone.Name}.")));
        string? day = null;
        foreach (ChatMessage message in history.Messages)
        {
            string of = message.CreatedAt is { } time
                ? zone.Local(time).ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)
                : "Without a date";
            if (of != day)
                console.Write(new Text($"{Environment.NewLine}{of}{Environment.NewLine}", new Style(decoration: Decoration.Bold)));
            day = of;
            Print(console, message, zone);
        }
    }

    private static void Print(IAnsiConsole console, ChatMessage message, ReadingZone zone)
    {
        string time = message.CreatedAt is { } at ? zone.Local(at).ToString("HH:mm", CultureInfo.InvariantCulture) : "  –  ";
        string arrow = message.Direction switch
        {
            "inbound" => "<",
            "outbound" => ">",
            _ => "?",
        };
        string text = MessageLine.Of(message);
        if (text.Length > MostOfText)
            text = Line($"{VisibleText.Beginning(text, MostOfText)}") +
                Line($"… ({text.Length:N0} characters in all: see --json)");
        string status = message is { IsOutbound: true, Status: { Length: > 0 } how } ? $"  ({VisibleText.Line(how)})" : "";
        console.Write(new Text($"{time} {arrow} ", new Style(message.IsOutbound ? Color.Green : Color.Default)));
        console.Write(new Text(text.Replace("\n", Environment.NewLine + Indent, StringComparison.Ordinal)));
        console.Write(new Text(status + Environment.NewLine, new Style(decoration: Decoration.Dim)));
        if (message.File is { } file)
            console.Write(new Text(
                $"{Indent}{(file.Lack is { } lack ? $"{lack}." : Line($"{file.Path}  ({file.Facts})"))}{Environment.NewLine}",
                new Style(decoration: Decoration.Dim)));
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
