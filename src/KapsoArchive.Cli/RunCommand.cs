using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Runs;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive run</c> and <c>kapso-archive export</c>.</summary>
internal static class RunCommand
{
    public static Task<int> ExecuteAsync(RunArguments arguments, CancellationToken cancellationToken)
    {
        var tracker = new RunTracker();
        return Failure.ReportedAsync(
            () => RunAsync(arguments, tracker, cancellationToken), arguments.Json, cancellationToken, tracker: tracker);
    }

    /// <summary>Shows the progress of a run on stderr.</summary>
    public static Task<T> ShowProgressAsync<T>(bool isQuiet, RunTracker tracker, Func<Task<T>> work) =>
        LiveLine.ShowAsync(isQuiet, elapsed => ProgressLine(tracker, elapsed), work);

    private static async Task<int> RunAsync(RunArguments arguments, RunTracker tracker, CancellationToken cancellationToken)
    {
        await using CliServices services = CliServices.Create(arguments.Overrides(), needsSource: arguments.Kind == RunKind.Archive);
        if (arguments.Kind == RunKind.Export)
            arguments = await ResolvedAsync(arguments, services.Store, cancellationToken);
        RunRequest request = arguments.ToRequest(services.Archive);
        if (request.Kind == RunKind.Export)
            request = await services.Get<ProjectArchive>().SettleAsync(request, cancellationToken);
        if (request.Conversations.Duplicates > 0)
            await Terminal.TellAsync(
                $"The list has {request.Conversations.Duplicates} repeated ids; each conversation is archived once.");

        Manifest manifest = await LockBreaking.DoAsync(
            services.Store, arguments.BreakLock, () =>
                ShowProgressAsync(arguments.Quiet, tracker, () => request.Kind == RunKind.Export
                ? services.Get<RunExecutor>().ExportAsync(request, tracker, cancellationToken)
                : services.Get<RunExecutor>().ExecuteAsync(request, tracker, cancellationToken)), cancellationToken);
        await ManifestPrint.PrintAsideAsync(tracker, manifest, services.Store.Remark);
        if (arguments.Json)
            await Terminal.SayJsonAsync(manifest.ToJson());
        else if (!arguments.Quiet || manifest.Status != nameof(RunStatus.Succeeded))
            ManifestPrint.Print(manifest, Location(services.Store, manifest));
        return await VerifyAsync(services, manifest, cancellationToken) && manifest.Status == nameof(RunStatus.Succeeded)
            ? ExitCode.Complete
            : ExitCode.NotComplete;
    }

    /// <summary>Verifies a part of the archive after a nightly run, if that is set.</summary>
    /// <returns>Whether no damage was found.</returns>
    private static async Task<bool> VerifyAsync(CliServices services, Manifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.IsExport)
            return true;
        (VerificationReport? report, string? warning) =
            await new NightlyVerification(services.Get<ProjectArchive>()).AfterAsync(manifest.RunId, cancellationToken);
        if (warning is not null)
            await Terminal.TellAsync(warning);
        return report is not { Sound: false };
    }

    /// <summary>Finds the conversations that are named by what people know of them.</summary>
    private static async Task<RunArguments> ResolvedAsync(RunArguments arguments, IStore store, CancellationToken cancellationToken)
    {
        if (arguments.Contact is { } contact)
        {
            if (arguments.Conversation.Count > 0 || arguments.Conversations is not null)
                throw new SettingException(
                    "--contact takes all conversations of one contact. Leave out --conversation and --conversations.");
            ExportChoice choice = arguments.Choice;
            return arguments with
            {
                Choice = choice with
                {
                    Contact = await ConversationDirectory.ContactAsync(store, contact, choice.Source, cancellationToken),
                },
            };
        }

        if (arguments.Conversation.All(text => Guid.TryParseExact(text, "D", out _))
            || (arguments.Choice.Source != ExportSource.Archive && !await ConversationDirectory.IsThereAsync(store, cancellationToken)))
            return arguments;
        var directory = await ConversationDirectory.OpenAsync(store, cancellationToken);
        return arguments with { Conversation = [.. arguments.Conversation.Select(directory.Resolve)] };
    }

    private static string Location(IStore store, Manifest manifest) =>
        manifest.IsExport ? $"{store.LocationOf(StoreArea.Exports)}/{manifest.RunId}" : store.Location;

    private static FormattableString ProgressLine(RunTracker tracker, TimeSpan elapsed)
    {
        string waiting = tracker.WaitingUntil is { } until ? $", waiting for the rate limit until {until.UtcDateTime:HH:mm:ss} UTC" : "";
        string throttled = tracker.Throttled > 0 ? $", {tracker.Throttled:N0} throttled" : "";
        string notComplete = tracker.ConversationsNotComplete > 0 ? $" ({tracker.ConversationsNotComplete:N0} not complete)" : "";
        string requests = string.Create(
            CultureInfo.InvariantCulture, $"messages {tracker.Messages:N0}, requests {tracker.Requests:N0}{throttled}");
        string time = $"{LiveLine.Clock(elapsed)}{Remaining(tracker, elapsed)}{waiting}";
        return tracker.Phase switch
        {
            RunPhase.Discovering =>
                $"Looking for conversations: {Quantity.Of(tracker.Requests, "request")}{throttled}, {LiveLine.Clock(elapsed)}{waiting}",
            RunPhase.Reading =>
                $"Conversations {tracker.ConversationsDone:N0} of {tracker.Conversations:N0}{notComplete}, {requests}, {time}",
            RunPhase.FetchingFiles =>
                $"Fetching files: {tracker.Files:N0} of {tracker.FilesDue:N0}, messages {tracker.Messages:N0}, {LiveLine.Clock(elapsed)}",
            RunPhase.RebuildingIndex => $"Rebuilding the index from the parts, {LiveLine.Clock(elapsed)}",
            RunPhase.Publishing => $"Publishing {Quantity.Of(tracker.Messages, "message")}, {LiveLine.Clock(elapsed)}",
            _ => $"Starting",
        };
    }

    /// <summary>A rough estimate from the average time per conversation so far; empty before the first one is done.</summary>
    private static string Remaining(RunTracker tracker, TimeSpan elapsed) =>
        tracker is { ConversationsDone: > 0 and var done, Conversations: { } total } && total > done
            ? $", about {LiveLine.Clock(elapsed * ((double)(total - done) / done))} to go" : "";
}
