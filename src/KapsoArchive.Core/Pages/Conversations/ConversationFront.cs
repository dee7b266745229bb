namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>The head of a conversation's first document: the contact, the period, completeness and source files, and links to each
/// month.</summary>
internal sealed class ConversationFront(HtmlWriter html, ConversationHead head, ConversationBook book)
{
    public void Write()
    {
        using (html.Element("header"))
        {
            using (html.Element("p", "kicker"))
                html.Link("../index.html", "All conversations");

            using (html.Element("h1"))
                html.Element("bdi", null, head.Name);
            using (html.Element("p", "lead"))
            {
                Badge.Write(html, head.IsComplete ? BadgeTone.Good : BadgeTone.Warning, head.IsComplete
                    ? "Complete"
                    : char.ToUpperInvariant(head.Outcome[0]) + head.Outcome[1..]);
                html.Text(head.Provenance is { } provenance ? $"{provenance}: " : "");
                html.Text($"{Quantity.Of(book.Count, "message")}{Between()}");
            }
        }

        if (!head.IsComplete)
        {
            using (html.Element("div", "panel warning"))
                html.Element("p", null, $"Messages may be missing: {VisibleText.Of(head.Reason ?? "the reason is not known")}.");
        }

        FactList.Write(html, "facts", ("Contact", head.ContactName), ("Phone", head.PhoneNumber), ("Conversation", head.Id),
            ("Requested period", head.Period), ("Source", head.Source), ("Remark", head.IsComplete ? head.Reason : null));
        using (html.Element("details", "proof"))
        {
            html.Element("summary", null, "Where this comes from");
            FactList.Write(
                html,
                "facts",
                [("Export", head.ExportId),
                    ("Made", Made(head)),
                    .. head.Parts.SelectMany(p => new[] { ("Made from", p.Path), ("SHA-256", (string?)p.Sha256) })]);
        }

        Months();
    }

    public static string Made(ConversationHead head) =>
        head.ExportedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private string Between() => (FirstTime(), book.Count > 0 ? book.TimeOf(book.Count, head.Zone) : null) switch
    {
        ({ } first, { } last) when first.Date == last.Date => string.Create(CultureInfo.InvariantCulture, $", {first:d MMMM yyyy}"),
        ({ } first, { } last) => string.Create(CultureInfo.InvariantCulture, $", {first:d MMMM yyyy} to {last:d MMMM yyyy}"),
        _ => "",
    };

    /// <summary>Messages without a time come first.</summary>
    private DateTimeOffset? FirstTime() =>
        Enumerable.Range(1, book.Count).Select(position => book.TimeOf(position, head.Zone)).FirstOrDefault(t => t is not null);

    private void Months()
    {
        IReadOnlyList<(string Month, int Position)> months = book.Months(head.Zone);
        if (months.Count < 2)
            return;
        using (html.Element("nav"))
        {
            html.Attribute("aria-label", "Months");
            using (html.Element("ul", "pages"))
            {
                foreach ((string month, int position) in months)
                {
                    using (html.Element("li"))
                        html.Link(book.AddressOf(position), month);
                }
            }
        }
    }
}
