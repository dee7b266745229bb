using System.Buffers;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Search;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The archive's conversations in a browser, read from the archive without an export. For a host with sessions: the pages consist
/// of links.</summary>
public sealed class ReadingViews(IServiceProvider services)
{
    /// <summary>The most characters of messages on a page: a page of longer ones has fewer.</summary>
    private const long MostCharacters = 4 << 20;

    /// <summary><c>GET /conversations</c></summary>
    public Task<IResult> ListAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            () => ListAsync(request, visitor, ListChoice.Of("", name => request.Query[name].ToString()), cancellationToken));

    /// <summary><c>POST /conversations</c>: a search, or the choice of a time zone.</summary>
    public Task<IResult> FindAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () =>
    {
        IFormCollection form = await SubmittedForm.ReadAsync(request, visitor, cancellationToken);
        if (KeptZone(request, form) is { } same)
            return same;
        var choice = ListChoice.Of(form["text"].ToString(), name => form[name].ToString());
        if (choice.Area == ListChoice.Messages && FoldedText.Of(choice.Text).Length > 0
            && services.GetService<MessageSearch>() is { } search)
            return await FindMessagesAsync(request, visitor, choice, search, cancellationToken);
        return choice.Text.Length == 0
            ? DocumentResult.SeeOther(new ReadingAddresses(request).ListOf(choice))
            : await ListAsync(request, visitor, choice, cancellationToken);
    });

    /// <summary><c>GET /conversations/{id}</c></summary>
    public Task<IResult> ShowAsync(HttpRequest request, Visitor visitor, string id, CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            () => ShowAsync(request, visitor, id, HistoryChoice.Of("", name => request.Query[name].ToString()), cancellationToken));

    /// <summary><c>GET /conversations/{id}/files/{sha256}</c></summary>
    public Task<IResult> FileAsync(HttpRequest request, string id, string sha256, CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            async () => await services.GetRequiredService<ConversationHistories>().OpenFileAsync(id, sha256, cancellationToken)
                is var (file, content) ? MediaResult.Of(request.HttpContext.Response, file, content) : throw Problems.NotFound(""));

    /// <summary><c>POST /conversations/{id}</c>: a search, a date to jump to, or the choice of a time zone.</summary>
    public Task<IResult> SearchAsync(HttpRequest request, Visitor visitor, string id, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () =>
    {
        IFormCollection form = await SubmittedForm.ReadAsync(request, visitor, cancellationToken);
        if (KeptZone(request, form) is { } same)
            return same;
        var choice = HistoryChoice.Of(form["text"].ToString(), name => form[name].ToString());
        if (choice.Text.Length > 0)
            return await ShowAsync(request, visitor, id, choice, cancellationToken);
        _ = choice.ToRequest(id, ReadingZone.Utc); // A wrong date is reported here.
        return DocumentResult.SeeOther(new ReadingAddresses(request).Page(id, "from", choice.From, choice.Direction));
    });

    private async Task<IResult> ListAsync(HttpRequest request, Visitor visitor, ListChoice choice, CancellationToken cancellationToken)
    {
        ArchiveView archive = await OpenAsync(cancellationToken);
        int end = (int)Math.Min(int.MaxValue, (long)choice.Page * ConversationListView.PageSize);
        ConversationList found = archive.Directory.List(
            choice.Text.Length > 0 ? choice.Text : null, choice.Outcome.Length > 0 ? choice.Outcome : null, choice.Order, end);
        var addresses = new ReadingAddresses(request);
        if (choice is { Text.Length: > 0, Page: 1 } && found.Conversations is [var one])
            return DocumentResult.SeeOther(addresses.Conversation(one.ConversationId));
        ConversationList page = found with { Conversations = [.. found.Conversations.Skip(end - ConversationListView.PageSize)] };
        return Page(request, visitor, "Conversations", null, (html, parts, zone) =>
            ListView(html, parts, addresses, zone).Write(archive, choice, page));
    }

    private async Task<IResult> FindMessagesAsync(
        HttpRequest request, Visitor visitor, ListChoice choice, MessageSearch search, CancellationToken cancellationToken)
    {
        ArchiveView archive = await OpenAsync(cancellationToken);
        MessageMatches found = await search.FindAsync(new MessageQuery(choice.Text), MessageListView.Most, cancellationToken);
        var addresses = new ReadingAddresses(request);
        return Page(request, visitor, "Messages", null, (html, parts, zone) =>
            new MessageListView(html, addresses, zone).Write(
                archive, found, () => ListView(html, parts, addresses, zone).Search(choice)));
    }

    private ConversationListView ListView(HtmlWriter html, FormElements parts, ReadingAddresses addresses, ReadingZone zone) =>
        new(html, parts, addresses, zone, services.GetService<MessageSearch>() is not null);

    private async Task<IResult> ShowAsync(
        HttpRequest request, Visitor visitor, string id, HistoryChoice choice, CancellationToken cancellationToken)
    {
        ArchiveView archive = await OpenAsync(cancellationToken);
        ArchivedConversation? known = archive.Directory.Find(id);
        HistoryRequest wanted = choice.ToRequest(id, ZoneChoice.Of(request));
        ConversationHistory history = await ReadAsync(wanted, cancellationToken)
            ?? (known is null ? throw Problems.NotFound("") : new ConversationHistory(id, archive.Newest.RunId, 0, 0, []));
        return Page(request, visitor, VisibleText.Line(known?.Title ?? id), "narrow", (html, parts, zone) =>
            new ConversationView(html, parts, new ReadingAddresses(request), zone).Write(archive, known, choice, history));
    }

    private async Task<ConversationHistory?> ReadAsync(HistoryRequest wanted, CancellationToken cancellationToken)
    {
        var histories = services.GetRequiredService<ConversationHistories>();
        while (true)
        {
            ConversationHistory? history = await histories.FindAsync(wanted, cancellationToken);
            long characters = history?.Messages.Sum(m => (long)(m.Content?.Length ?? 0) + (m.TypeData?.Length ?? 0)) ?? 0;
            if (characters <= MostCharacters || wanted.Limit == 1)
                return history;
            wanted = wanted with { Limit = (int)Math.Max(1, wanted.Limit * MostCharacters / characters) };
        }
    }

    /// <exception cref="ProblemException">Nothing is archived yet.</exception>
    private async Task<ArchiveView> OpenAsync(CancellationToken cancellationToken) =>
        await services.GetRequiredService<ArchiveReading>().OpenAsync(cancellationToken)
        ?? throw Problems.NothingArchived();

    private static HtmlResult Page(
        HttpRequest request, Visitor visitor, string title, string? width, Action<HtmlWriter, FormElements, ReadingZone> write)
    {
        var page = new ArrayBufferWriter<byte>();
        var html = new HtmlWriter(page);
        var parts = new FormElements(html, visitor);
        var addresses = new ReadingAddresses(request);
        ReadingZone zone = ZoneChoice.Of(request);
        HtmlHead head = new($"{title}: WhatsApp archive")
        {
            Style = HtmlStyle.Reading,
            HasForms = true,
            NamesOrigin = true,
            HasFiles = true,
        };
        using (HtmlShell.Begin(html, head, width))
        {
            using (html.Element("div", "bar"))
            {
                using (html.Element("p", "kicker"))
                {
                    html.Link(addresses.Home, "WhatsApp archive");
                    html.Text(" · ");
                    html.Link(addresses.List, "Conversations");
                }

                if (visitor.CanSignOut)
                {
                    using (parts.Form(action: addresses.SignOut))
                        html.Constant("""<button class="plain">Sign out</button>""");
                }
            }

            write(html, parts, zone);
            using (html.Element("footer"))
            {
                html.Element("p", null, $"{zone.Sentence} The page is read from the archive, not from Kapso.");
                ZoneChoice.Write(html, parts, zone);
            }
        }

        return new HtmlResult(head, page.WrittenMemory);
    }

    /// <returns>The same page again, if the form chose a time zone.</returns>
    private static DocumentResult? KeptZone(HttpRequest request, IFormCollection form)
    {
        if (form["do"] != ZoneChoice.Action)
            return null;
        ZoneChoice.Keep(request, form[ZoneChoice.Action].ToString());
        return DocumentResult.SeeOther($"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString}");
    }

    private Task<IResult> AnswerAsync(HttpRequest request, Func<Task<IResult>> make) =>
        Answer.OfAsync(request, services, make, e => ProblemView.Of(e.Problem, SignInViews.HomeOf(request)));
}
