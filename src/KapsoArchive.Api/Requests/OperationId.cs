using Microsoft.Extensions.Primitives;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads the header that identifies a repeated request.</summary>
internal static class OperationId
{
    public const string Header = "Operation-Id";

    private const int MaxLength = 128;

    /// <summary>Returns the header's value; null if absent.</summary>
    /// <exception cref="ProblemException">The value is invalid, or the header occurs more than once.</exception>
    public static string? Of(HttpRequest request)
    {
        StringValues values = request.Headers[Header];
        if (values.Count == 0)
            return null;
        if (values.Count > 1)
            throw Problems.BadParameter(Header, "It was sent several times. Send one.");
        return values[0] is { Length: > 0 and <= MaxLength } id && id.All(c => c is > ' ' and < '\x7f')
            ? id
            : throw Problems.BadParameter(
                Header, $"It must be 1 to {MaxLength} visible ASCII characters without spaces, for example a UUID.");
    }
}
