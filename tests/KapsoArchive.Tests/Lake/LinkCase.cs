using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Lake;

/// <summary>A message with a signed link somewhere in it, drawn from the kinds of links, the places and the escapes that there
/// are.</summary>
/// <param name="Kind">Whose link it is.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Escape">How it is escaped there.</param>
/// <param name="File">What it names.</param>
/// <param name="Around">What stands around it.</param>
internal sealed record LinkCase(int Kind, int Place, int Escape, int File, int Around)
{
    public const int Kinds = 12;
    public const int Places = 7;
    public const int Escapes = 4;

    public static LinkCase Draw(Random random) => new(random.Next(Kinds), random.Next(Places), random.Next(Escapes), random.Next(1000), random.Next(4));

    /// <summary>The record, with the link signed by these draws.</summary>
    public string Record(Random signing)
    {
        string link = Link(signing);
        string json = Escape switch
        {
            0 => Json(link),
            1 => Json(link).Replace("/", "\\/", StringComparison.Ordinal),
            2 => Json(link).Replace("&", "\\u0026", StringComparison.Ordinal).Replace("=", "\\u003d", StringComparison.Ordinal),
            _ => Json(link).Replace("/", "\\u002F", StringComparison.Ordinal),
        };
        (string before, string after) = Around switch { 0 => ("", ""), 1 => ("Image attached (a.jpg) [Size: 1 KB] URL: ", ""), 2 => ("see ", " and tell me"), _ => ("<a href='x'>", "<br>") };
        string text = $"{before}{json}{after}";
        string nested = JsonEncodedText.Encode($$"""{"link":"{{text}}","n":1}""", System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        string member = Place switch
        {
            0 => $"\"content\":\"{text}\"",
            1 => $"\"media_url\":\"{json}\",\"content\":\"URL: {json}\"",
            2 => $"\"media_url\":\"{json}\"",
            3 => $"\"message_type_data\":{{\"image\":{{\"link\":\"{text}\"}},\"links\":[\"{text}\",\"{json}\"]}}",
            4 => $"\"metadata\":{{\"payload\":\"{nested}\"}}",
            5 => $"\"kapso\":{{\"media_url\":\"{json}\",\"has_media\":true}}",
            _ => $"\"message_type_data\":{{\"text\":\"{nested}\"}},\"content\":\"{text}\"",
        };
        return $"{{\"id\":\"1\",\"status\":\"sent\",{member}}}";
    }

    private static string Json(string text) => text.Replace("\"", "\\\"", StringComparison.Ordinal);

    private string Link(Random signing)
    {
        string signature = Convert.ToHexStringLower(Bytes(signing, 20));
        string base64 = Uri.EscapeDataString(Convert.ToBase64String(Bytes(signing, 32)));
        string time = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(signing.Next(10_000_000)).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        int unix = signing.Next(1_700_000_000, 1_900_000_000);
        return Kind switch
        {
            0 => $"https://app{signing.Next(9)}.example/rails/active_storage/blobs/redirect/{SignedId($$$"""{"_rails":{"message":"{{{Convert.ToBase64String(BitConverter.GetBytes(File))}}}","exp":null,"pur":"blob_id"}}""")}--{signature}/a.jpg",
            1 => $"http://app.example/rails/active_storage/disk/{SignedId($$$"""{"_rails":{"data":{"key":"k{{{File}}}"},"exp":"{{{time}}}","pur":"blob_key"}}""")}--{signature}/a%20b.jpg?disposition=inline",
            2 => $"https://bucket.s3.amazonaws.com/k{File}?response-content-type=image%2Fjpeg&X-Amz-Algorithm=AWS4&X-Amz-Credential={base64}&X-Amz-Date={time}&X-Amz-Expires={signing.Next(900)}&X-Amz-Signature={signature}",
            3 => $"https://account.blob.core.windows.net/c/k{File}?sv=2026-0{signing.Next(1, 9)}-01&st={time}&se={time}&sr=b&sp=r&sig={base64}",
            4 => $"https://storage.googleapis.com/b/k{File}?GoogleAccessId=a{signing.Next(9)}%40b&Expires={unix}&Signature={base64}",
            5 => $"https://d1.cloudfront.net/k{File}.jpg?Expires={unix}&Signature={signature}~&Key-Pair-Id=K{signing.Next(9)}&Policy={base64}",
            6 => $"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={File}&ext={unix}&hash={signature}",
            7 => $"https://scontent.whatsapp.net/v/t61/k{File}_n.jpg?ccb={signing.Next(9)}-7&_nc_sid={signature[..6]}&_nc_ohc={signature[..9]}&oh=01_{signature}&oe=6{signing.Next(999999)}",
            8 => $"HTTPS://files.example/download?file={File}&token={signature}&expires_at={unix}",
            9 => $"https://cdn.example/k{File}.jpg?e={unix}&signature={base64}#page=2",
            10 => $"https://app.example/k{File}--{signature}",
            _ => $"https://proxy.example/?w=100&url={Uri.EscapeDataString($"https://b.example/k{File}?X-Amz-Date={time}&X-Amz-Signature={signature}")}",
        };
    }

    private static string SignedId(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=');

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
