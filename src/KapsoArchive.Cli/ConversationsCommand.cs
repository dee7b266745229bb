using KapsoArchive.Core.Inspection.Conversations;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive conversations</c>: lists and finds conversations of the archive.</summary>
internal static class ConversationsCommand
{
    public const int Limit = 50;

    public static Task<int> ExecuteAsync(
        string? text, string? outcome, ConversationOrder order, int limit, string? destination, bool json,
        CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            if (limit < 1)
                throw new SettingException($"--limit is {limit}. Give a number of at least 1, for example --limit {Limit}.");
            await using CliServices services = CliServices.ForStore(destination);
            var directory = await ConversationDirectory.OpenAsync(services.Store, cancellationToken);
            ConversationList list = directory.List(text, outcome, order, limit);
            if (json)
                await Terminal.SayJsonAsync(list.ToJson());
            else
                Print(list, destination);
            return ExitCode.Complete;
        },
        json, cancellationToken, "Interrupted.");

    private static void Print(ConversationList list, string? lake)
    {
        IAnsiConsole console = Terminal.OpenReport();
        Print(console, list);
        if (list.Total > 0)
            PrintNext(console, list.Conversations[0].ConversationId, lake);
    }

    /// <summary>Prints the command that shows a conversation.</summary>
    public static void PrintNext(IAnsiConsole console, string conversationId, string? lake)
    {
        string option = lake is null ? "" : $" --lake \"{VisibleText.Line(lake)}\"";
        console.WriteLine($"Read one: {ProgramName.ToType} show {VisibleText.Line(conversationId)}{option}");
    }

    /// <summary>Prints a list of conversations.</summary>
    public static void Print(IAnsiConsole console, ConversationList list)
    {
        console.WriteLine(Line($"{Quantity.Of(list.Total, "conversation")}, as of run {list.Snapshot}."));
        if (list.Total == 0)
            return;
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Number or user id", "Last message (UTC)");
        table.AddColumn(new TableColumn("Messages").RightAligned()).AddColumns("Outcome", "Id");
        foreach (ArchivedConversation conversation in list.Conversations)
        {
            table.AddRow(
                new Text(VisibleText.Line(conversation.Title)),
                new Text(VisibleText.Line(conversation.PhoneNumber ?? conversation.BusinessScopedUserId)),
                new Text(conversation.LastMessageAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""),
                new Text(Line($"{conversation.Messages:N0}")), new Text(conversation.Outcome),
                new Text(VisibleText.Line(conversation.ConversationId)));
        }

        console.Write(table);
        if (list.Total > list.Conversations.Count)
            console.WriteLine(Line($"… and {list.Total - list.Conversations.Count:N0} more: see --limit."));
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
