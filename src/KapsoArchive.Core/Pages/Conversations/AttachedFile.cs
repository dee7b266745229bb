using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes the file behind a message: pictures are shown, sound and film are played, and anything else is only linked.</summary>
internal static class AttachedFile
{
    private const int MostOfWords = 160;

    /// <param name="address">Relative, or on this server.</param>
    /// <param name="name">What the message calls it.</param>
    /// <param name="words">The picture in words.</param>
    public static void Write(HtmlWriter html, MessageFile file, string address, string name, string words)
    {
        name = VisibleText.Line(name);
        bool isPlayed = file.IsSound || file.IsFilm;
        if (file.IsPicture)
        {
            using (html.Element("a", "picture"))
            {
                html.Attribute("href", address);
                html.Void("img");
                html.Attribute("src", address);
                html.Attribute("alt", VisibleText.Beginning(VisibleText.Line(words), MostOfWords));
                html.Attribute("loading", "lazy");
            }
        }
        else if (isPlayed)
        {
            using (file.IsSound ? html.Element("audio") : html.Element("video"))
            {
                html.Attribute("controls");
                html.Attribute("preload", "metadata");
                html.Attribute("src", address);
                html.Attribute("aria-label", name);
            }
        }

        using (html.Element("p", "name"))
        {
            if (file.IsPicture || isPlayed)
            {
                html.Element("bdi", null, name);
            }
            else
            {
                using (html.Element("a"))
                {
                    html.Attribute("href", address);
                    html.Attribute("download", file.SavedName);
                    html.Element("bdi", null, name);
                }
            }
        }

        using (html.Element("p"))
            html.Element("small", null, file.Facts);
    }
}
