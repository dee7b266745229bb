namespace KapsoArchive.Core.Pages;

/// <summary>A paragraph with commands between backticks.</summary>
public static class CommandText
{
    public static void Write(HtmlWriter html, string sentence)
    {
        using (html.Element("p"))
        {
            string[] parts = sentence.Split('`');
            for (int i = 0; i < parts.Length; i++)
            {
                if (i % 2 == 1)
                    html.Element("code", null, parts[i]);
                else
                    html.Text(parts[i]);
            }
        }
    }
}
