using KapsoArchive.Core.Inspection.Search;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive find</c>: finds conversations by what people know of them, and messages by their text.</summary>
internal static class FindCommand
{
    public const int Limit = 20;

    public static Task<int> ExecuteAsync(
        Func<MessageQuery> query, SearchArea? area, int limit, string? lake, CacheOptions cache, bool json,
        CancellationToken cancellationToken) =>
        Failure.ReportedAsync(
            async () =>
            {
                if (limit < 1)
                    throw new SettingException($"--limit is {limit}. Give a number of at least 1, for example --limit {Limit}.");
                await using CliServices services = CliServices.ForStore(lake);
                var search = new ArchiveSearch(services.Store, cache.Open(services.Store));
                SearchAnswer answer = await search.FindAsync(query(), area, limit, cancellationToken);
                if (json)
                    await Terminal.SayJsonAsync(answer.ToJson());
                else
                    Print(answer, lake);
                return ExitCode.Complete;
            },
            json, cancellationToken, "Interrupted.");

    private static void Print(SearchAnswer answer, string? lake)
    {
        IAnsiConsole console = Terminal.OpenReport();
        if (answer.Conversations is { } conversations)
            ConversationsCommand.Print(console, conversations);
        if (answer.Messages is { } messages)
            Print(console, messages);
        string? first = answer.Messages is { Messages: [var message, ..] } ? message.ConversationId
            : answer.Conversations is { Conversations: [var conversation, ..] } ? conversation.ConversationId : null;
        if (first is not null)
            ConversationsCommand.PrintNext(console, first, lake);
    }

    private static void Print(IAnsiConsole console, MessageMatches messages)
    {
        console.WriteLine(Line($"{Quantity.Of(messages.Total, "message")}, newest first, as of run {messages.Snapshot}. Times are UTC."));
        foreach (MessageMatch message in messages.Messages)
        {
            string time = message.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "without a time";
            string way = message.Direction switch { "inbound" => "from", "outbound" => "to", _ => "with" };
            string with = VisibleText.Line(message.With ?? "a conversation without a name");
            console.Write(new Text($"{Environment.NewLine}{time} {way} {with}", new Style(decoration: Decoration.Bold)));
            console.Write(new Text($"  {VisibleText.Line(message.ConversationId)}", new Style(decoration: Decoration.Dim)));
            console.Write(new Text($"{Environment.NewLine}  {VisibleText.PrintedLine(message.Snippet)}{Environment.NewLine}"));
        }

        if (messages.Total > messages.Messages.Count)
            console.WriteLine(Line($"… and {messages.Total - messages.Messages.Count:N0} more: see --limit."));
        console.WriteLine();
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
