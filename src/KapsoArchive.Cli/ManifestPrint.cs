using KapsoArchive.Core.Inspection.Status;
using Spectre.Console;
using Layout = KapsoArchive.Core.Lake.Layout;

namespace KapsoArchive.Cli;

/// <summary>Prints the result of a run on stdout: first what is not complete, then counts and files.</summary>
internal static class ManifestPrint
{
    private const int MaxListed = 20;

    public static void Print(Manifest manifest, string location)
    {
        IAnsiConsole console = Terminal.OpenReport();
        if (manifest.Incomplete.Count > 0)
            console.Write(NotComplete(manifest.Incomplete));
        if (manifest.Incomplete.Count > MaxListed)
            console.WriteLine(
                Line($"… and {manifest.Incomplete.Count - MaxListed:N0} more: see \"incomplete\" in {Layout.Manifest(manifest.RunId)}."));

        ConversationTotals conversations = manifest.Totals.Conversations;
        RowTotals rows = manifest.Totals.Rows;
        long total = conversations.Complete + conversations.Incomplete + conversations.Gone + conversations.Failed;
        long notComplete = conversations.Incomplete + conversations.Failed;
        string gone = conversations.Gone == 0 ? ""
            : Line($" {conversations.Gone:N0} {(conversations.Gone == 1 ? "is" : "are")} gone at Kapso; what is archived stays.");
        console.WriteLine(Line($"{Headline(manifest, total, notComplete)}{gone}"));
        foreach (ManifestProvenance provenance in (manifest.Provenance ?? []).Take(MaxListed))
            console.WriteLine(Line($"{Quantity.Of(provenance.Count, "conversation")} {provenance.Words}."));
        if (manifest.Discovery is { Reason: { } remark } list)
            console.WriteLine(list.Complete
                ? Line($"Note on the list of conversations: {remark}.")
                : Line($"The list of conversations was not proven complete: {remark}. ") +
                    "The conversations that were found are archived; the next run reads the list again.");
        console.WriteLine(
            Line($"{Quantity.Of(rows.Added, "message")} added, {rows.Changed:N0} changed, {rows.Removed:N0} removed, ") +
            Line($"{Quantity.Of(rows.Rejected, "record")} rejected; {Quantity.Of(manifest.Totals.Requests, "request")}, ") +
            Line($"{manifest.Totals.Throttled:N0} throttled, {(manifest.FinishedAt - manifest.StartedAt).TotalSeconds:N1} s."));
        foreach (string note in Notes(manifest.Totals.Values))
            console.WriteLine(note);
        console.WriteLine(Line($"Written to {location}:"));
        console.Write(Files(manifest.Files));
    }

    /// <summary>Reports side effects of the run on stderr.</summary>
    /// <param name="remark">A warning about the store; null if there is nothing to report.</param>
    public static async Task PrintAsideAsync(RunTracker tracker, Manifest manifest, string? remark)
    {
        if (remark is not null)
            await Terminal.TellAsync(Line($"{remark}"));
        foreach (string warning in manifest.Warnings ?? [])
            await Terminal.TellAsync(Line($"Warning: {warning}"));
        foreach (string givenUp in tracker.GivenUp)
            await Terminal.TellAsync(Line($"{givenUp}"));
        if (tracker.IndexRebuilt is { } reason)
            await Terminal.TellAsync(Line($"The index was rebuilt from the parts. {reason}"));
        if (tracker.TableRemark is { } table)
            await Terminal.TellAsync(Line($"Warning: {table}"));
        if (tracker.LeftUndone is { } undone)
            await Terminal.TellAsync(Line($"{undone}"));
        foreach (Manifest resumed in tracker.Resumed)
            await Terminal.TellAsync(
                Line($"The unfinished run {resumed.RunId} was finished first: {resumed.Status}. ") +
                Line($"See `kapso-archive status --run {resumed.RunId}`."));
    }

    private static string Headline(Manifest manifest, long total, long notComplete)
    {
        string run = $"{(manifest.IsExport ? "Export" : "Run")} {manifest.RunId}";
        return (total, notComplete) switch
        {
            (0, _) => $"{run}: no conversation was active or due for a full sweep.",
            (not 1, 0) when manifest.Discovery is { Complete: false } =>
                Line($"{run}: all {total:N0} conversations that were found are complete."),
            (_, 0) when manifest.Provenance?.Any(p => p.Source != "kapso") == true =>
                Line($"{run}: {(total == 1 ? "the one conversation is" : Line($"all {total:N0} conversations are"))} ")
                    + "complete as of these times:",
            (1, 0) => $"{run}: the one conversation is complete.",
            (_, 0) => Line($"{run}: all {total:N0} conversations are complete."),
            _ => Line($"{run}: {notComplete:N0} of {Quantity.Of(total, "conversation")} {(notComplete == 1 ? "is" : "are")} not complete."),
        };
    }

    private static IEnumerable<string> Notes(ValueTotals? values)
    {
        if (values is { Unfit: > 0 and var unfit })
            yield return Line($"{Quantity.Of(unfit, "value")} did not fit {(unfit == 1 ? "its" : "their")} ") +
                "column: extra has the original.";
        if (values is { Repaired: > 0 and var repaired })
            yield return Line($"{Quantity.Of(repaired, "record was", "records were")} not valid for strict JSON readers: ") +
                "the text was repaired, and the original is kept with it.";
        if (values is { LeftOut: > 0 and var leftOut })
            yield return Line($"{Quantity.Of(leftOut, "message was", "messages were")} left out ") +
                "because created_at is missing or unreadable. " +
                Line($"An export without --from and --to includes {(leftOut == 1 ? "it" : "them")}.");
    }

    private static Table NotComplete(IReadOnlyList<ManifestIncomplete> conversations)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("Not complete").AddColumn("Outcome").AddColumn("Why")
            .AddColumn("What to do");
        foreach (ManifestIncomplete conversation in conversations.Take(MaxListed))
            table.AddRow(new Text(conversation.ConversationId), new Text(conversation.Outcome), new Text(conversation.Reason ?? ""),
                new Text(IncompleteAdvice.For(conversation)));
        return table;
    }

    private static Table Files(IReadOnlyList<ManifestFile> files)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("File")
            .AddColumn(new TableColumn("Rows").RightAligned())
            .AddColumn(new TableColumn("Bytes").RightAligned());
        ManifestFile[] pages = [.. files.Where(f => f.Dataset == Datasets.MessagesHtml)];
        if (pages.Length > 0)
            table.AddRow(new Text(Line($"{Datasets.MessagesHtml}/index.html, and {Quantity.Of(pages.Length - 1, "page")} that it leads to"))
                .Overflow(Overflow.Fold), new Text(Line($"{pages.Sum(f => f.Rows):N0}")), new Text(Line($"{pages.Sum(f => f.Bytes):N0}")));
        ManifestFile[] media = [.. files.Where(f => f.Dataset == Datasets.MediaFiles)];
        if (media.Length > 0)
            table.AddRow(new Text(Line($"{Datasets.MediaFiles}/…, {Quantity.Of(media.Length, "file")} behind messages"))
                .Overflow(Overflow.Fold), new Text(""), new Text(Line($"{media.Sum(f => f.Bytes):N0}")));
        foreach (ManifestFile file in files.Except(pages).Except(media))
            table.AddRow(new Text(file.Path).Overflow(Overflow.Fold), new Text(Line($"{file.Rows:N0}")),
                new Text(Line($"{file.Bytes:N0}")));
        return table;
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
