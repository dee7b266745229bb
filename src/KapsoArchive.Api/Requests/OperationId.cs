using KapsoArchive.Api.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads the header by which a request that is sent again is known.</summary>
internal static class OperationId
{
    public const string Header = "Operation-Id";

    private const int MaxLength = 128;

    /// <summary>Null where there is none.</summary>
    /// <exception cref="ProblemException">It is none, or there are several.</exception>
    public static string? Of(HttpRequest request)
    {
        StringValues values = request.Headers[Header];
        if (values.Count == 0)
            return null;
        if (values.Count > 1)
            throw Problems.BadParameter(Header, "It was sent several times. Send one.");
        return values[0] is { Length: > 0 and <= MaxLength } id && id.All(c => c is > ' ' and < '\x7f')
            ? id
            : throw Problems.BadParameter(Header, $"It must be 1 to {MaxLength} visible ASCII characters without spaces, for example a UUID.");
    }
}
