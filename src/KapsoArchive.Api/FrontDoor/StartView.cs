namespace KapsoArchive.Api.FrontDoor;

/// <summary>The start page: the newest snapshot, the latest runs and exports, then the forms.</summary>
internal sealed class StartView(HtmlWriter html, FrontDoorView view)
{
    private readonly FormElements _parts = new(html, view.Visitor);

    public HtmlHead Write()
    {
        HtmlHead head = new("WhatsApp archive")
        {
            Style = HtmlStyle.FrontDoor,
            HasForms = true,
            NamesOrigin = view.Visitor.HasLinks, // Otherwise the address may contain a key.
            FormTarget = view.Visitor.HasLinks ? null : view.StoreOrigin,
            Script = HtmlScript.Refresh,
        };
        using (HtmlShell.Begin(html, head))
        {
            Bar();
            html.Constant("""<p class="vh" id="news" role="status"></p>""");
            if (view.Notice is { } notice)
                Notice(notice);
            State();
            Read();
            new ExportFormView(html, _parts, view.Form).Write();
            html.Constant("<footer><p>All times are UTC. An export is made once and kept apart from the archive.</p></footer>");
        }

        return head;
    }

    private void Bar()
    {
        using (html.Element("div", "bar"))
        {
            using (html.Element("p", "kicker"))
            {
                html.Text("WhatsApp archive");
                if (view.Visitor.HasLinks)
                {
                    html.Text(" · ");
                    html.Link("conversations", "Conversations");
                }
            }

            if (!view.Visitor.CanSignOut)
                return;
            using (_parts.Form(action: "sign-out"))
                html.Constant("""<button class="plain">Sign out</button>""");
        }
    }

    /// <summary>The way to the conversations: only a session has links.</summary>
    private void Read()
    {
        if (view.Latest is null)
            return;
        html.Element("h2", null, "Read conversations");
        if (!view.Visitor.HasLinks)
        {
            html.Element("p", null, "This page has no session and no links to other pages, so it does not show conversations. Export " +
                "them below as HTML, or read them with `kapso-archive show` or in the pages of `kapso-archive serve`.");
            return;
        }

        using (_parts.Form("search", "conversations"))
        {
            html.Constant("""<div class="wide"><label for="text">Name, number or id</label>"""
                + """<input id="text" name="text" type="search" autocomplete="off"></div><button>Search</button>""");
        }

        using (html.Element("p"))
            html.Link("conversations", "All conversations");
    }

    private void Notice(string notice)
    {
        using (html.Element("div", "panel warning"))
        {
            html.Attribute("role", "alert");
            html.Element("p", null, VisibleText.Line(notice));
        }
    }

    /// <summary>The part that the script refreshes.</summary>
    private void State()
    {
        using (html.Element("div"))
        {
            html.Attribute("id", "state");
            html.Attribute("data-summary", Summary());
            html.Attribute("data-busy", view.IsBusy ? "" : null);
            Snapshot();
            new FrontDoorList(html, _parts, view).Write();
        }
    }

    private string Summary() =>
        string.Join(", ", view.Items.Where(i => i.IsUnderWay).Concat(view.Items.Where(i => !i.IsUnderWay).Take(1))
            .Select(i => $"{(i.IsExport ? "Export" : "Run")} of {UiText.Time(i.Status.CreatedAt)}: {i.Badge.Word}"));

    private void Snapshot()
    {
        if (view.Latest is not { } latest)
        {
            html.Element("h1", null, "Nothing is archived yet");
            html.Element("p", "lead", view.HasNightly
                ? "Start the first run: it reads every conversation completely. After that, the nightly run keeps the archive up to date."
                : "Set Archive:Conversations (environment Archive__Conversations) to all, or to a list of conversation ids, and restart " +
                    "the server. It then archives them every night. Until then, you can export conversations below.");
            StartRun("Start the first run");
            return;
        }

        ConversationTotals read = latest.Totals.Conversations;
        long missing = view.Archived?.NotComplete ?? (read.Incomplete + read.Failed);
        TimeSpan age = view.Now - latest.FinishedAt;
        (string title, string word) = view.Damage is not null ? ("The archive is damaged", "Damaged")
            : view.IsLate ? ($"The newest snapshot is {UiText.Age(age)} old", "Old")
            : view.FailedRun is not null ? ("The newest run failed", "Run failed")
            : missing > 0 ? ($"{Quantity.Of(missing, "conversation")} {(missing == 1 ? "is" : "are")} not complete", "Not complete")
            : latest.Discovery is { Complete: false } ? ("The list of conversations was not proven complete", "Not complete")
            : ("The archive is up to date", "Fresh");
        html.Element("h1", null, title);
        using (html.Element("p", "lead"))
        {
            Badge.Write(html, word == "Fresh" ? BadgeTone.Good : BadgeTone.Warning, word);
            html.Text($"Snapshot of {UiText.Time(latest.FinishedAt.UtcDateTime)} UTC, {UiText.Age(age)} ago. It read "
                + $"{Quantity.Of(read.Complete + read.Gone + read.Incomplete + read.Failed, "conversation")}: "
                + $"{Quantity.Of(latest.Totals.Rows.Added, "message")} added, {UiText.Number(latest.Totals.Rows.Changed)} changed, "
                + $"{UiText.Number(latest.Totals.Rows.Removed)} removed.");
        }

        if (view.Damage is { } damage)
            html.Element("p", null, VisibleText.Line(damage));
        if (view.FailedRun?.Status is { } failed)
        {
            using (html.Element("p"))
            {
                Badge.Write(html, BadgeTone.Bad, "Failed");
                html.Text($"Run of {UiText.Time(failed.CreatedAt)} UTC: {VisibleText.Line(failed.Error?.Message)}");
            }
        }

        if (view.IsLate)
            html.Element("p", null, view.Schedule?.After(latest.FinishedAt) is { } due
                ? $"The next one was due at {UiText.Time(due.UtcDateTime)} UTC. Check the newest runs below and the server's log."
                : "There should be a new one every night. Check the newest runs below and the server's log.");
        FactList.Write(
            html,
            "figures",
            ("Messages", view.Archived is null ? "?" : UiText.Number(view.Archived.Messages)),
            ("Conversations", view.Archived is null ? "?" : UiText.Number(view.Archived.Conversations)),
            ("Not complete", UiText.Number(missing)),
            ("Size", view.Archived is null ? "?" : UiText.Size(view.Archived.Bytes)),
            ("Age", UiText.Age(age)),
            ("Next run", view.Schedule is { } schedule ? $"in {UiText.Age(schedule.After(view.Now) - view.Now)}" : "none"));
        if (latest.Totals.Media?.Due is > 0 and var waiting)
            CommandText.Write(html, $"{Quantity.Of(waiting, "file")} behind messages {(waiting == 1 ? "is" : "are")} not archived yet, and "
                + $"the next run tries {(waiting == 1 ? "it" : "them")} again. List them: `kapso-archive media`.");
        StartRun("Run now", latest.RunId);
    }

    private void StartRun(string label, string? reportOf = null)
    {
        bool isRunning = view.Items.Any(i => i is { IsExport: false, IsUnderWay: true });
        using (html.Element("div", "actions"))
        {
            if (view.HasNightly && !isRunning)
            {
                using (_parts.Form())
                    _parts.Button("do", "run", label, id: "start-run");
            }

            if (reportOf is not null)
                _parts.Report(reportOf, "Report of this snapshot", id: "latest-report");
        }
    }
}
