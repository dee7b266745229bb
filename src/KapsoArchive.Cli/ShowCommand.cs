using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Histories;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive show</c>: prints the last messages of a conversation from the archive.</summary>
internal static class ShowCommand
{
    public const int Last = 50;

    public static Task<int> ExecuteAsync(
        string conversation, int last, Func<HistoryRequest, HistoryRequest> filter, string? zone, string? destination, bool json,
        CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            if (last < 1)
                throw new SettingException($"--last is {last}. Give a number of at least 1, for example --last {Last}.");
            HistoryRequest request = filter(new HistoryRequest(conversation, last));
            ReadingZone shown = CliSettings.Zone(zone);
            await using CliServices services = CliServices.ForStore(destination);
            if (!Guid.TryParseExact(conversation, "D", out Guid id) || id.ToString() != conversation) // An id needs no index.
                conversation = (await ConversationDirectory.OpenAsync(services.Store, cancellationToken)).Resolve(conversation);
            ConversationHistory history = await services.Get<ConversationHistories>().ReadAsync(
                request with { ConversationId = conversation }, cancellationToken);
            if (json)
                await Terminal.SayJsonAsync(history.ToJson());
            else
                HistoryPrint.Print(history, shown);
            return ExitCode.Complete;
        },
        json, cancellationToken, "Interrupted.");
}
