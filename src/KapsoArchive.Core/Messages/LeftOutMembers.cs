using System.Collections.Frozen;

namespace KapsoArchive.Core.Messages;

/// <summary>The members of a message's JSON that nobody wrote or saw: ids, links, values of enumerations, and payloads for programs.
/// Everything else is shown.</summary>
internal static class LeftOutMembers
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,

        // Ids of messages, people, products, files and calls.
        "id", "message_id", "original_message_id", "whatsapp_message_id", "wamid", "conversation_id", "phone_number_id", "reaction_id",
        "business_account_id", "user_id", "from_user_id", "to_user_id", "from_parent_user_id", "wa_id", "new_wa_id", "user",
        "parent_user_id", "business_scoped_user_id", "catalog_id", "product_retailer_id", "thumbnail_product_retailer_id", "source_id",
        "flow_id", "screen_id", "media_id", "template_id", "contact_id", "customer_id", "reference_id", "from", "to", "phone_number",
        "identity", "ctwa_clid", "call_id", "group_id",

        // Links.
        "url", "link", "href", "media_url", "image_url", "video_url", "thumbnail_url", "source_url", "direct_path",

        // Values of enumerations, versions, times and sizes.
        "type", "sub_type", "message_type", "source_type", "media_type", "mime_type", "content_type", "format", "mode", "status",
        "direction", "processing_status", "origin", "policy", "code", "index", "currency", "flow_message_version", "flow_action",
        "flow_name", "version", "namespace", "timestamp", "created_at", "updated_at", "expires_at", "edited_at", "deleted_at", "locale",
        "parameter_name", "fbtrace_id",

        // For programs.
        "payload", "flow_token", "token", "sha256", "file_sha256", "hash", "signature", "callback_data", "biz_opaque_callback_data",
        "record_base64");

    /// <summary>Whether a member of this name is left out.</summary>
    public static bool Has(string name) => Names.Contains(name);

    public static IReadOnlyCollection<string> All => Names;
}
