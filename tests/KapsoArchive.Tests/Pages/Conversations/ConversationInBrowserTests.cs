using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Browser;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Conversations in a real browser, on a narrow and a wide screen, in light and dark; also those that would rather do something else than be read.</summary>
public sealed class ConversationInBrowserTests
{
    private const string OrdinaryId = "11111111-1111-4111-8111-111111111111";
    private const string HostileId = "22222222-2222-4222-8222-222222222222";

    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>",
        "</li></ol></main><script>alert(2)</script>",
        "<img src=x onerror=alert(3)>",
        "<svg/onload=alert(4)>",
        "<iframe src=\"javascript:alert(5)\"></iframe>",
        "javascript:alert(6)",
        "<a href=\"javascript:alert(7)\">click</a>",
        "<style>*{display:none}</style><link rel=stylesheet href=https://example.com/x.css>",
        "<meta http-equiv=refresh content=\"0;url=https://example.com/\">",
        "<base href=https://example.com/><form action=https://example.com/><input name=q autofocus onfocus=alert(8)>",
        "\u202Egnp.exe\u202C and \u2066isolated, never closed \u202B and on",
        "\u0000\u0001\u001B[31mred\u001B[0m\u0007\u0085\u009B31m \uFEFF\uFFFE",
        "-->]]><!--<![CDATA[",
        "&lt;b&gt; &amp;amp; &#x3C;script&#x3E; \"'`",
        "Zalgo " + string.Concat(Enumerable.Repeat("e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308", 60)),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conversations_are_accessible_on_every_screen()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 12, Messages = 4_500 }, [Ordinary()]);
        string samples = export.Sandbox.Data.Conversations[0].Id;
        string large = export.Sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!.Id;

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                BrowserPage.File("conversation", export.PageOf(OrdinaryId)),
                BrowserPage.File("conversation-samples", export.PageOf(samples)),
                BrowserPage.File("conversation-paged", export.PageOf(large, "page-0002.html")),
                BrowserPage.File("conversation-list", export.PageOf(".")),
            ],
            Cancellation,
            expand: false);

        visits.Count.ShouldBe(16);
        foreach (PageVisit visit in visits)
            visit.ShouldBeSound();
    }

    [Fact]
    public async Task A_hostile_conversation_is_shown_as_text_and_does_nothing_else()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, [Attack()]);

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync([BrowserPage.File("conversation-hostile", export.PageOf(HostileId)), BrowserPage.File("conversation-hostile-list", export.PageOf("."))], Cancellation);

        visits.Count.ShouldBe(8);
        foreach (PageVisit visit in visits)
            visit.ShouldBeSound();
        string html = await File.ReadAllTextAsync(export.PageOf(HostileId), Cancellation);
        html.ShouldNotContain("<script", Case.Insensitive);
        html.ShouldNotContain("<img", Case.Insensitive);
        html.ShouldNotContain("\u202E");
        html.ShouldNotContain("\u001B");
        (await export.ReadAsync(HostileId)).Body!.TextContent.ShouldContain(new string('x', 1 << 20), customMessage: "a long text is closed, and whole");
    }

    /// <summary>A conversation as a shop may have it.</summary>
    private static Talk Ordinary()
    {
        var talk = new Talk(OrdinaryId);
        talk.Say("Hola, buenos días 👋 Quisiera saber si mi pedido ya salió. Lo hice el jueves y todavía no me llega nada.");
        string asked = talk.Say("Buenos días, María. ¿Nos compartes tu número de pedido?", outbound: true);
        talk.Say("Claro, es el 48213", minutes: 1);
        string photo = talk.Say(
            "Image attached (recibo.jpeg) [Size: 115.1 KB | Type: image/jpeg] URL: https://app.kapso.ai/x/recibo.jpeg", type: "image",
            data: new { id = "1", mime_type = "image/jpeg", caption = "Aquí está el recibo" }, mediaUrl: "https://app.kapso.ai/x/recibo.jpeg?sig=1", minutes: 1);
        talk.Say("👍", outbound: true, type: "reaction", data: new { message_id = photo, emoji = "👍" });
        talk.Say("Gracias. Salió esta mañana y llega mañana entre 9:00 y 13:00.\n\n¿Te queda bien?", outbound: true, status: "delivered", data: new { context = new { id = photo } });
        talk.Say("Elige una opción", outbound: true, type: "interactive", status: "delivered", data: new
        {
            type = "button",
            body = new { text = "¿Confirmas la entrega para mañana?" },
            footer = new { text = "Tienda de ejemplo" },
            action = new { buttons = new[] { new { type = "reply", reply = new { id = "y", title = "Confirmar" } }, new { type = "reply", reply = new { id = "n", title = "Cambiar fecha" } } } },
        });
        talk.Say("Confirmar", type: "interactive", data: new { type = "button_reply", button_reply = new { id = "y", title = "Confirmar" }, context = new { id = Talk.Wamid(7) } });
        talk.Say("Audio attached (voice.ogg)", type: "audio", data: new { mime_type = "audio/ogg; codecs=opus", voice = true }, metadata: new { transcript = new { text = "¿Y si no estoy, lo pueden dejar con el portero?" } });
        talk.Say("Sí, no hay problema.", outbound: true, status: "sent");
        talk.Say("Location: Oficina", type: "location", data: new { latitude = 19.4326, longitude = -99.1332, name = "Oficina", address = "Av. Juárez 50, Centro, Ciudad de México" }, minutes: 700);
        talk.Say("مرحبا، شكرا جزيلا على المساعدة", minutes: 5);
        talk.Say("order_delivered", outbound: true, type: "template", status: "failed", data: new { name = "order_delivered", language = new { code = "es_MX" }, components = new[] { new { type = "body", parameters = new[] { new { type = "text", text = "María" }, new { type = "text", text = "48213" } } } } }, metadata: new { errors = new[] { new { code = 131026, title = "Message undeliverable" } } });
        talk.Say("Order placed", type: "order", data: new { catalog_id = "c1", product_items = new[] { new { product_retailer_id = "cafe-500g", quantity = 2, item_price = 10.5, currency = "USD" } } });
        talk.Say("Contact shared", type: "contacts", data: new { contacts = new[] { new { name = new { formatted_name = "Bárbara Juárez" }, phones = new[] { new { phone = "+52 55 5000 0829" } } } } });
        talk.Say("User changed number", type: "system");
        _ = asked;
        return talk;
    }

    private static Talk Attack()
    {
        var talk = new Talk(HostileId, "<script>alert('name')</script>\u202Egnp");
        foreach (string text in Hostile)
        {
            talk.Say(text);
            talk.Say(text, outbound: true, type: "image", data: new { caption = text, filename = text, mime_type = text }, mediaUrl: $"javascript:{text}");
            talk.Say(text, type: "contacts", data: new { contacts = new[] { new { name = new { formatted_name = text }, phones = new[] { new { phone = text } } } } });
            talk.Say(text, type: text, data: new { anything = text });
            talk.Say(text, outbound: true, status: text, type: "template", data: new { name = text, language = new { code = text }, components = new[] { new { parameters = new[] { new { text } } } } });
            talk.Say(text, type: "reaction", data: new { message_id = Talk.Wamid(1), emoji = text });
            talk.Say(text, type: "order", data: new { product_items = new[] { new { product_retailer_id = text, quantity = text, item_price = text, currency = text } } });
            talk.Say(text, type: "location", data: new { name = text, address = text, latitude = text, longitude = "Infinity" });
        }

        talk.Say(new string('x', 1 << 20));
        talk.Say(string.Concat(Enumerable.Repeat("\u202E<script>", 50_000)), outbound: true);
        return talk;
    }
}
