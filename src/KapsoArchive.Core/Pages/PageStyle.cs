using System.Security.Cryptography;
using System.Text;

namespace KapsoArchive.Core.Pages;

/// <summary>A style sheet that a page carries in itself: the one that all pages share, and what a kind of page adds to it. A page's policy lets in just this, by its hash.</summary>
public sealed class PageStyle
{
    private const string Folder = "KapsoArchive.Core.Pages.";

    private PageStyle(params ReadOnlySpan<string> resources)
    {
        var text = new StringBuilder();
        foreach (string resource in resources)
            text.Append(Read(resource));
        Text = text.ToString();
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    /// <summary>What all pages share.</summary>
    public static PageStyle Shared { get; } = new("shared.css");

    /// <summary>Besides, what conversations are shown with.</summary>
    public static PageStyle Conversation { get; } = new("shared.css", "conversation.css");

    public string Text { get; }

    /// <summary>As a policy names it.</summary>
    public string Source { get; }

    private static string Read(string resource)
    {
        using Stream stream = typeof(PageStyle).Assembly.GetManifestResourceStream(Folder + resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
