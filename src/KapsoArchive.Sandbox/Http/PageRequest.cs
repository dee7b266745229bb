using System.Diagnostics.CodeAnalysis;

namespace KapsoArchive.Sandbox.Http;

/// <summary>The number and size of the requested page.</summary>
internal sealed record PageRequest(long Page, int PerPage)
{
    private const int DefaultPerPage = 20;
    private const int MostPerPage = 100;

    /// <summary>Reads <c>page</c> and <c>per_page</c>; the problem names the one that is out of bounds.</summary>
    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out PageRequest? request, out string problem)
    {
        request = null;
        problem = "page must be an integer greater than or equal to 1";
        if (!TryRead(query, "page", 1, long.MaxValue, out long page)) return false;
        problem = $"per_page must be an integer between 1 and {MostPerPage}";
        if (!TryRead(query, "per_page", DefaultPerPage, MostPerPage, out long perPage)) return false;
        request = new PageRequest(page, (int)perPage);
        return true;
    }

    private static bool TryRead(IQueryCollection query, string name, long otherwise, long most, out long value)
    {
        value = otherwise;
        // In Rack, the last of several parameters with the same name wins.
        string? text = query[name].LastOrDefault();
        return text is null
            || (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most);
    }
}
