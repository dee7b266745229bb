using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads a request's body without trusting its headers.</summary>
internal static class Body
{
    /// <summary>Room for more than 10,000 of the source's longest ids.</summary>
    public const int MaxBytes = 1_048_576;

    private const int MaxDepth = 16;
    private const string TooLarge = "The body has more than 1,048,576 bytes (1 MB). Export fewer conversations at a time, or \"all\".";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <exception cref="ProblemException">The body is too large, has another content type, or is not JSON.</exception>
    /// <exception cref="BadHttpRequestException">The request broke off.</exception>
    public static async Task<JsonDocument> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        CheckType(request);
        ReadOnlyMemory<byte> bytes = await ReadAsync(request, cancellationToken);
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..]; // Some programs write a byte order mark (RFC 8259, 8.1).
        if (bytes.IsEmpty)
            throw Problems.BadRequest("The body is empty. Send a JSON object, for example {\"conversations\": \"all\"}.");
        if (!Utf8.IsValid(bytes.Span))
            throw Problems.BadRequest("The body is not valid UTF-8. Send JSON in UTF-8.");
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, Options);
            CheckText(document.RootElement);
            return document;
        }
        catch (JsonException e)
        {
            throw Problems.BadRequest($"The body is not readable JSON (line {e.LineNumber + 1}): it must be one value, nested at most " +
                $"{MaxDepth} deep, without duplicate members.");
        }
        catch (InvalidOperationException)
        {
            document?.Dispose();
            throw Problems.BadRequest("A string in the body contains half of a surrogate pair. Send whole characters.");
        }
    }

    /// <summary>Whether the body has any bytes.</summary>
    public static async Task<bool> IsEmptyAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.ContentLength is null or 0 && await ReadSomeAsync(request, new byte[1], cancellationToken) == 0;

    /// <summary>Translates the framework's errors for incomplete bodies and wrong lengths.</summary>
    public static BadHttpRequestException BrokenOff(IOException e) => new("The request was cut off.", e);

    private static void CheckType(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
            throw Problems.UnsupportedMediaType("Send JSON in UTF-8, with the header Content-Type: application/json.");
        if (request.Headers.ContentEncoding.Count > 0)
            throw Problems.UnsupportedMediaType("Send the body uncompressed, without Content-Encoding.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
            throw Problems.TooLarge(TooLarge);
        using MemoryStream bytes = new();
        byte[] buffer = new byte[16 * 1024];
        while (await ReadSomeAsync(request, buffer, cancellationToken) is > 0 and int read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes)
                throw Problems.TooLarge(TooLarge);
        }

        return bytes.ToArray();
    }

    private static async Task<int> ReadSomeAsync(HttpRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw BrokenOff(e);
        }
    }

    /// <summary>Decodes every name and string: the parser validates their encoding only on access.</summary>
    /// <exception cref="InvalidOperationException">A name or string is not valid text.</exception>
    private static void CheckText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    CheckText(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    _ = member.Name;
                    CheckText(member.Value);
                }

                break;
        }
    }
}
