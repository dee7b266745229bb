namespace KapsoArchive.Api;

/// <summary>The OpenAPI document, generated from the endpoints at build time and the same in every host.</summary>
public static class OpenApiDocument
{
    private static readonly Lazy<byte[]> Json = new(Read);

    /// <summary><c>GET /api/openapi.json</c></summary>
    public static IResult Get(HttpRequest request) =>
        Answer.WithoutParameters(request) ?? new DocumentResult(StatusCodes.Status200OK, Json.Value, "application/json; charset=utf-8");

    private static byte[] Read()
    {
        using Stream resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        using MemoryStream bytes = new();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
