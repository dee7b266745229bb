using Microsoft.AspNetCore.Http.Extensions;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads the parameters in a request's address, and rejects those that the call does not know.</summary>
internal sealed class AddressQuery
{
    /// <summary>Carries the key, in both hosts.</summary>
    private const string Key = "code";

    private readonly IQueryCollection _query;
    private readonly string[] _known;

    /// <param name="known">The parameters of the call.</param>
    /// <exception cref="ProblemException">The address has another parameter.</exception>
    public AddressQuery(HttpRequest request, params string[] known)
    {
        (_query, _known) = (request.Query, known);
        foreach (string name in _query.Keys)
        {
            if (name != Key && !known.Contains(name, StringComparer.Ordinal))
                throw Problems.BadParameter(UnknownName.Shown(name), UnknownName.Sentence("parameter", name, known));
        }
    }

    /// <summary>Null if it is absent.</summary>
    /// <exception cref="ProblemException">It was sent several times, or is empty.</exception>
    public string? Text(string name) => _query[name] switch
    {
        { Count: 0 } => null,
        [{ Length: > 0 } text] => text,
        _ => throw Problems.BadParameter(name, "It must have one value."),
    };

    public int Limit(int most, int otherwise) => Text("limit") switch
    {
        null => otherwise,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit >= 1 && limit <= most => limit,
        _ => throw Problems.BadParameter("limit", $"It must be one number from 1 to {most}."),
    };

    /// <summary>One of several words.</summary>
    /// <returns>Null if it is absent.</returns>
    public string? Choice(string name, IReadOnlyList<string> words) => Text(name) is not { } text || words.Contains(text)
        ? Text(name)
        : throw Problems.BadParameter(name, UnknownName.Sentence("value", text, words));

    /// <summary>The range from parameter <c>from</c> to parameter <c>to</c>.</summary>
    public TimeRange Range()
    {
        var range = new TimeRange(Time("from"), Time("to"));
        return range.From >= range.To ? throw Problems.BadParameter("from", "It must be before to.") : range;
    }

    /// <summary>The parameters for another page.</summary>
    /// <param name="name">The parameter that selects the page.</param>
    public string ForPage(string name, string value)
    {
        var page = new QueryBuilder { { name, value } };
        foreach (string known in _known.Where(k => k != name && _query[k].Count > 0))
            page.Add(known, (IEnumerable<string>)_query[known].OfType<string>());
        return page.ToString();
    }

    private DateTimeOffset? Time(string name) => Text(name) is not { } text ? null
        : TimeRange.TryParseWithOffset(text, out DateTimeOffset time) ? time
        : throw Problems.BadParameter(name, "It must be a time in ISO 8601 with an offset, for example 2026-03-01T00:00:00Z. "
            + "Write + as %2B.");
}
