namespace KapsoArchive.Api.FrontDoor;

/// <summary>The newest runs and exports, with status, progress and files.</summary>
internal sealed class FrontDoorList(HtmlWriter html, FormElements parts, FrontDoorView view)
{
    private const int MostFiles = 12;
    private const string PagesIndex = $"{Datasets.MessagesHtml}/index.html";

    public static string AnchorOf(string id) => $"item-{id}";

    public void Write()
    {
        html.Element("h2", null, "Runs and exports");
        if (view.Items.Count == 0)
        {
            html.Element("p", "empty", "None yet.");
            return;
        }

        if (view.IsBusy)
            // An automatic reload would interrupt a user who fills in the form.
            html.Constant("""<noscript><p><a href="">Show the progress now</a></p></noscript>""");
        string? newestFiles = view.Items.FirstOrDefault(i => i.Files is not null)?.Status.Id;
        using (html.Element("ol", "items"))
        {
            foreach (FrontDoorItem item in view.Items)
                Item(item, isOpen: item.Status.Id == newestFiles);
        }
    }

    private void Item(FrontDoorItem item, bool isOpen)
    {
        StatusSummary status = item.Status;
        (BadgeTone tone, string word) = item.Badge;
        using (html.Element("li", $"panel {Badge.ClassOf(tone)}"))
        {
            html.Attribute("id", AnchorOf(status.Id));
            using (html.Element("h3"))
            {
                html.Element("span", null, item.IsExport ? $"Export of {Asked(status.Request)}" : "Archive run");
                Badge.Write(html, tone, word);
            }

            html.Element("p", "when", When(status));
            if (item.IsUnderWay)
                Progress(status);
            else
                html.Element("p", "when", Told(item));
            if (status.Error is { Message: var message })
                html.Element("p", null, VisibleText.Line(message));
            Actions(item);
            if (item.Files is { } files)
                Files(status.Id, files, isOpen);
        }
    }

    private void Progress(StatusSummary status)
    {
        StatusConversations conversations = status.Progress.Conversations;
        using (html.Element("progress"))
        {
            html.Attribute("aria-label", "Conversations read");
            if (conversations.Total is > 0 and var total)
            {
                html.Attribute("max", $"{total}");
                html.Attribute("value", $"{conversations.Done}");
            }
        }

        string far = status.Status == nameof(RunStatus.NotStarted) ? "Waiting for a worker."
            : conversations.Total is { } all ? $"{UiText.Number(conversations.Done)} of {Quantity.Of(all, "conversation")} read, " +
                $"{Quantity.Of(status.Progress.Messages, "message")}."
            : "Looking for the conversations.";
        string left = status.Progress.EstimatedCompletion is { } end ? $" About {UiText.Age(end - view.Now.UtcDateTime)} left." : "";
        html.Element("p", "when", far + left);
    }

    private void Actions(FrontDoorItem item)
    {
        string id = item.Status.Id;
        if (item is { IsExport: true } and not { IsUnderWay: true, Status.CancelRequested: false })
            return;
        using (html.Element("div", "actions"))
        {
            if (!item.IsExport)
            {
                parts.Report(id, "Report", $"report-{id}");
                return;
            }

            using (parts.Form())
            {
                parts.Hidden("id", id);
                parts.Button("do", "cancel", "Cancel", "plain", $"cancel-{id}",
                    $"Cancel the export of {UiText.Time(item.Status.CreatedAt)}");
            }
        }
    }

    /// <summary>With links, the list of conversations stands for all documents, because it leads to them.</summary>
    private void Files(string id, IReadOnlyList<ManifestFile> files, bool isOpen)
    {
        ManifestFile[] pages = [.. files.Where(f => view.Visitor.HasLinks && f.Dataset == Datasets.MessagesHtml)];
        ManifestFile[] media = [.. files.Where(f => f.Dataset == Datasets.MediaFiles)];
        ManifestFile[] others = [.. files.Except(pages).Except(media)];
        using (html.Element("details"))
        {
            html.Attribute("id", $"files-{id}");
            html.Attribute("open", isOpen ? "" : null);
            html.Element("summary", null, $"{Quantity.Of(files.Count, "file")}, {UiText.Size(files.Sum(f => f.Bytes))}");
            using (html.Element("ul", "files"))
            {
                int number = 0;
                if (pages.Length > 0)
                    File(id, PagesIndex, "Conversations, to read", $"{UiText.Size(pages.Sum(f => f.Bytes))}, "
                        + Quantity.Of(pages.Length, "page"), number++);
                foreach (ManifestFile file in others.OrderBy(f => f.Dataset == Datasets.MessagesHtml)
                    .ThenBy(f => !f.Path.EndsWith("/index.html", StringComparison.Ordinal))
                    .ThenBy(f => f.Path.Count(c => c == '/')).Take(MostFiles))
                    File(id, file.Path, NameOf(file), $"{UiText.Size(file.Bytes)}, {Quantity.Of(file.Rows, "row")}", number++);
                File(id, RunLayout.ExportManifest, "Manifest: every file with its hash", null, number);
            }

            if (media.Length > 0)
                html.Element("p", "when", $"And {Quantity.Of(media.Length, "file")} behind messages, "
                    + $"{UiText.Size(media.Sum(f => f.Bytes))}, which documents show and the zip has.");
            if (others.Length > MostFiles)
                html.Element("p", "when", $"And {Quantity.Of(others.Length - MostFiles, "more file")}, which the manifest " +
                    "names. Fetch them over the API.");
        }
    }

    private void File(string id, string path, string name, string? size, int number)
    {
        using (html.Element("li"))
        {
            parts.File(id, path, name, $"file-{id}-{number}");
            if (size is not null)
                html.Element("span", "size", size);
            html.Element("small", "mono below", path);
        }
    }

    private static string NameOf(ManifestFile file) => file.Dataset switch
    {
        var name when name == Datasets.Messages.Name => "Messages, Parquet",
        Datasets.MessagesJsonl => "Messages, JSON Lines",
        Datasets.MessagesCsv => "Messages, CSV",
        Datasets.MessagesHtml => "Messages, a page",
        Datasets.MessagesXlsx => "Messages and conversations, Excel",
        Datasets.ConversationsJsonl => "Conversations, JSON Lines",
        Datasets.ConversationsCsv => "Conversations, CSV",
        Datasets.Zip => "Everything in one zip",
        var name when name == Datasets.Media.Name => "Files behind messages: which message has which",
        var name when name == Datasets.Conversations.Name => "Conversations, with the proof of completeness",
        _ => file.Dataset,
    };

    private static string Asked(StatusRequest? request)
    {
        string what = request?.Listed is { } listed ? Quantity.Of(listed, "conversation") : "all conversations";
        string since = request?.From is { } from ? $" from {UiText.Time(from)}" : "";
        return $"{what}{since}{(request?.To is { } to ? $" until {UiText.Time(to)}" : "")}";
    }

    private static string When(StatusSummary status) =>
        UiText.Time(status.CreatedAt) +
        (status is { StartedAt: { } started, FinishedAt: { } finished } ? $", took {Took(finished - started)}" : "") +
        $" · {status.Id}";

    private static string Told(FrontDoorItem item)
    {
        StatusProgress progress = item.Status.Progress;
        string failed = progress.Conversations.Failed > 0 ? $", {UiText.Number(progress.Conversations.Failed)} not complete" : "";
        return $"{Quantity.Of(progress.Conversations.Done, "conversation")}{failed}, {Quantity.Of(progress.Messages, "message")}.";
    }

    private static string Took(TimeSpan span) =>
        span.TotalMinutes < 2 ? Quantity.Of((long)Math.Ceiling(span.TotalSeconds), "second") : UiText.Age(span);
}
