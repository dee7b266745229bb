namespace KapsoArchive.Core.Pages;

/// <summary>Reads an embedded style sheet or script and computes its policy source.</summary>
internal static class HtmlResource
{
    private const string Folder = "KapsoArchive.Core.Pages.";

    public static string Read(string name)
    {
        using Stream stream = typeof(HtmlResource).Assembly.GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    public static string SourceOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
