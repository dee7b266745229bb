using Microsoft.Extensions.Primitives;

namespace KapsoArchive.Api.Requests;

/// <summary>The requested section of a list.</summary>
/// <param name="Limit">How many items.</param>
/// <param name="Before">Only items older than this id; null for the newest.</param>
internal sealed record PageQuery(int Limit, string? Before)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    /// <exception cref="ProblemException">A parameter is wrong.</exception>
    public static PageQuery Of(HttpRequest request) => new(ReadLimit(request.Query["limit"]), ReadBefore(request.Query["before"]));

    private static int ReadLimit(StringValues values) => values switch
    {
        { Count: 0 } => DefaultLimit,
        [{ } text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit is >= 1 and <= MaxLimit => limit,
        _ => throw Problems.BadParameter("limit", $"It must be one number from 1 to {MaxLimit}."),
    };

    private static string? ReadBefore(StringValues values) => values switch
    {
        { Count: 0 } => null,
        [{ } id] when RunId.IsOne(id) => id,
        _ => throw Problems.BadParameter(
            "before", "It must be the id of an item, for example 20261122T020000Z-1a2b3c4d. Use the URL in next of the previous page."),
    };
}
