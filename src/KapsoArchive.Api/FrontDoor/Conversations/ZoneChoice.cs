namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The time zone that a browser's user has chosen, in a cookie that says nothing else.</summary>
internal static class ZoneChoice
{
    public const string Action = "zone";

    private const string Name = "kapso-archive-zone";

    private static readonly TimeSpan Life = TimeSpan.FromDays(400); // The longest that browsers keep a cookie.

    public static ReadingZone Of(HttpRequest request) => ReadingZone.Find(request.Cookies[Name]) ?? ReadingZone.Utc;

    /// <exception cref="ProblemException">There is no zone of this name.</exception>
    public static void Keep(HttpRequest request, string name)
    {
        ReadingZone zone = ReadingZone.Find(name) ?? throw Problems.BadParameter(Action, ReadingZone.Objection(name));
        request.HttpContext.Response.Cookies.Append(Name, zone.Name, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = $"{request.PathBase.ToUriComponent()}/",
            MaxAge = Life,
            IsEssential = true,
        });
    }

    /// <summary>A form that is sent to the page's own address.</summary>
    public static void Write(HtmlWriter html, FormElements parts, ReadingZone zone)
    {
        using (parts.Form("zone"))
        {
            html.Constant("""<label for="zone">Time zone</label>""");
            Menu(html, Action, zone);
            parts.Button("do", Action, "Use it", "plain");
        }
    }

    /// <param name="name">The field's name and id.</param>
    public static void Menu(HtmlWriter html, string name, ReadingZone chosen)
    {
        using (html.Element("select"))
        {
            html.Attribute("id", name);
            html.Attribute("name", name);
            bool isCommon = ReadingZone.Common.Contains(chosen.Name, StringComparer.Ordinal);
            Group("Often used", isCommon ? ReadingZone.Common : [chosen.Name, .. ReadingZone.Common], chosen.Name);
            Group("All", ReadingZone.All, chosen: null);
        }

        void Group(string label, IEnumerable<string> zones, string? chosen)
        {
            using (html.Element("optgroup"))
            {
                html.Attribute("label", label);
                foreach (string zone in zones)
                    FormElements.Option(html, zone, zone, zone == chosen);
            }
        }
    }
}
