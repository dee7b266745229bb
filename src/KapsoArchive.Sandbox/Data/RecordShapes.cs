namespace KapsoArchive.Sandbox.Data;

/// <summary>All shapes of generated records: the types of the sample records, with frequencies as in a support inbox.</summary>
internal static class RecordShapes
{
    private const string Blob = "https://app.kapso.ai/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnt9fQ--$signature$/";

    private static readonly RecordShape[] All =
    [
        new(590, "text", "\"$text$\"", """{"text":"$text$"}"""),
        new(6, "text", "\"$phrase$\"", """{"text":"$phrase$"}""", Side.Business,
            metadata: """{"errors":[{"code":131026,"title":"Message undeliverable"}]}""", status: "failed"),

        // The documented example with absent fields, and the opposite: every field null.
        new(
            8,
            """
            {"id":"$id$","phone_number":"+$phone$","message_type":"text","content":"$phrase$","direction":"$direction$",
            "status":"$status$","whatsapp_message_id":"wamid.$wamid$","created_at":"$createdAt$","updated_at":"$updatedAt$"}
            """.ReplaceLineEndings("")),
        new(
            2,
            """
            {"id":"$id$","phone_number":null,"message_type":"text","content":null,"direction":null,"status":null,
            "processing_status":null,"whatsapp_message_id":null,"metadata":null,"media_url":null,"message_type_data":null,
            "created_at":"$createdAt$","updated_at":"$updatedAt$"}
            """.ReplaceLineEndings("")),

        new(70, "image", $"\"Image attached ($file$.jpeg) [Size: $size$.$digit$ KB | Type: image/jpeg] URL: {Blob}$file$.jpeg\"",
            """{"id":"$media$","mime_type":"image/jpeg","sha256":"$hash$=","caption":"$phrase$"}""", mediaUrl: $"\"{Blob}$file$.jpeg\""),
        new(30, "image", "\"Image attached ($file$.jpeg)\"",
            """{"id":"$media$","mime_type":"image/jpeg","sha256":"$hash$="}""", mediaUrl: $"\"{Blob}$file$.jpeg\"")
        {
            WithOtherFile = new(0, "image", "\"Image attached ($file$.png)\"",
                """{"id":"$media$","mime_type":"image/png","sha256":"$hash$="}""",
                mediaUrl: $"\"{Blob}$file$.png\""),
        },
        new(40, "audio", "\"Audio attached (voice.ogg)\"", """{"id":"$media$","mime_type":"audio/ogg; codecs=opus","voice":true}""",
            mediaUrl: $"\"{Blob}voice.ogg\"", metadata: """{"transcript":{"text":"$text$"}}"""),
        new(30, "audio", "\"Audio attached (voice.ogg)\"", """{"id":"$media$","mime_type":"audio/ogg; codecs=opus","voice":true}""",
            mediaUrl: $"\"{Blob}voice.ogg\"")
        {
            WithOtherFile = new(0, "audio", "\"Audio attached ($file$.mp3)\"",
                """{"id":"$media$","mime_type":"audio/mpeg","voice":false}""",
                mediaUrl: $"\"{Blob}$file$.mp3\""),
        },
        new(15, "video", "\"Video attached ($file$.mp4)\"", """{"id":"$media$","mime_type":"video/mp4","caption":"$phrase$"}""",
            mediaUrl: $"\"{Blob}$file$.mp4\""),
        new(25, "document", "\"Document attached ($file$.pdf)\"",
            """{"id":"$media$","filename":"$file$.pdf","mime_type":"application/pdf"}""",
            mediaUrl: $"\"{Blob}$file$.pdf\"")
        {
            WithOtherFile = new(0, "document", "\"Document attached ($file$.vcf)\"",
                """{"id":"$media$","filename":"$file$.vcf","mime_type":"text/vcard"}""", mediaUrl: $"\"{Blob}$file$.vcf\""),
        },
        new(14, "sticker", "\"Sticker attached\"", """{"id":"$media$","mime_type":"image/webp","animated":true}""", Side.Contact,
            mediaUrl: $"\"{Blob}s.webp\""),

        new(8, "location", "\"Location: $place$\"",
            """{"latitude":19.$number$,"longitude":-99.1$number$,"name":"$place$","address":"$place$ $size$"}"""),
        new(5, "contacts", "\"Contact shared\"", """{"contacts":[{"name":{"first_name":"$name$","formatted_name":"$name$"},"phones":[""" +
            """{"phone":"+$phone$","wa_id":"$phone$","type":"MOBILE"}]}]}"""),
        new(35, "interactive", "\"$answer$\"", """{"type":"button_reply","button_reply":{"id":"btn_$digit$","title":"$answer$"}}""",
            Side.Contact),
        new(15, "interactive", "\"$phrase$\"", """{"type":"list","body":{"text":"$phrase$"},"action":{"button":"$answer$","sections":""" +
            """[{"title":"$place$","rows":[{"id":"row_$digit$","title":"$answer$"}]}]}}""", Side.Business),
        new(25, "template", "\"order_confirmation\"", """{"name":"order_confirmation","language":{"code":"en_US"},"components":[]}""",
            Side.Business),
        new(20, "template", "\"appointment_reminder\"", """{"name":"appointment_reminder","language":{"code":"es_MX"},"components":[""" +
            """{"type":"body","parameters":[{"type":"text","text":"$name$"},{"type":"text","text":"$hour$:00"}]}]}""", Side.Business),
        new(30, "reaction", "\"$emoji$\"", """{"message_id":"wamid.$target$","emoji":"$emoji$"}"""),
        new(14, "button", "\"$answer$\"", """{"payload":"$answer$","text":"$answer$"}""", Side.Contact),
        new(8, "order", "\"Order placed\"", """{"catalog_id":"c$digit$","product_items":[""" +
            """{"product_retailer_id":"sku-$number$","quantity":2,"item_price":$size$.5,"currency":"MXN"}]}""", Side.Contact),
        new(5, "unsupported", "null", """{"errors":[{"code":131051,"title":"Message type unknown"}]}""", Side.Contact,
            more: ""","errors":[{"code":131051}]"""),
        new(5, "system", "\"User changed number\"", """{"type":"user_changed_number","wa_id":"$phone$"}""", Side.Contact),
    ];

    private static readonly RecordShape[] ByWeight = [.. All.SelectMany(shape => Enumerable.Repeat(shape, shape.Weight))];

    private static readonly RecordShape[] WithOtherFiles =
    [
        .. ByWeight.Index().Select(shape => shape.Index % 3 == 0 ? shape.Item.WithOtherFile ?? shape.Item : shape.Item),
    ];

    /// <param name="bits">Decides.</param>
    /// <param name="hasFiles">Whether the sandbox serves files; then there are more formats.</param>
    public static RecordShape Pick(ulong bits, bool hasFiles) =>
        (hasFiles ? WithOtherFiles : ByWeight)[Scramble.Below(bits, ByWeight.Length)];
}
