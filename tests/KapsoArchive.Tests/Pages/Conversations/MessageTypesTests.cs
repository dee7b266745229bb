using AngleSharp.Dom;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Each message type of the samples, in the way of its type.</summary>
public sealed class MessageTypesTests
{
    [Fact]
    public async Task Every_sample_is_shown_according_to_its_type()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 1, Messages = SandboxSamples.Records.Count }, []);
        string conversation = export.Sandbox.Data.Conversations.Single().Id;

        IElement[] messages = [.. (await export.ReadAsync(conversation)).QuerySelectorAll("ol.chat > li")];
        string[] said = [.. messages.Select(m => string.Join(' ', m.QuerySelector(".bubble")!.Children.Where(c => c.ClassName is not ("meta" or "id")).Select(c => c.TextContent)))];

        said.Length.ShouldBe(SandboxSamples.Records.Count);
        said.ShouldContain("Hola, ¿a qué hora abren mañana? 🙏");
        said.ShouldContain("Image receipt.jpeg image/jpeg · 115.1 KB el recibo The file is not in this export");
        said.ShouldContain("Voice message voice.ogg audio/ogg; codecs=opus Transcript Necesito ayuda con mi pedido The file is not in this export");
        said.ShouldContain("Video demo.mp4 video/mp4 Demo The file is not in this export");
        said.ShouldContain("Document comprobante.pdf application/pdf The file is not in this export");
        said.ShouldContain("Sticker s.webp image/webp The file is not in this export");
        said.ShouldContain("Location San Francisco San Francisco, CA, USA 37.7749, -122.4194");
        said.ShouldContain("Contact Barbara J. Johnson +1 (415) 555-0829");
        said.ShouldContain("Choice Confirm");
        said.ShouldContain(text => text.StartsWith("Template order_confirmation, en_US"));
        said.ShouldContain("👍 Reaction to a message that is not in this export");
        said.ShouldContain("Button Sí, por favorYES");
        said.ShouldContain("Order 2 × sku-1, 10.5 USD");
        said.ShouldContain("No llegó Message undeliverable (131026)");
        said.ShouldContain("A message type that WhatsApp does not pass on Message type unknown (131051)");
        said.ShouldContain("User changed number");
        said.ShouldContain("""a_type_from_the_future ? deeper two Data as sent{"x":[1,2.5,null,{"y":true}]}""");
        said.ShouldContain("A message without text", "nobody wonders whether the page is whole");
        said.ShouldContain(text => text.StartsWith("half an emoji") && text.Contains('␀'));
    }

    [Fact]
    public async Task No_media_link_is_on_any_page()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 3, Messages = 600 }, []);

        foreach (string page in Directory.EnumerateFiles(export.File("messages_html"), "*.html", SearchOption.AllDirectories))
        {
            string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
            html.ShouldNotContain("active_storage");
            html.ShouldNotContain("https:");
        }
    }
}
