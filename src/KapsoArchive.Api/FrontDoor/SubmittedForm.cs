using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>Reads a submitted form.</summary>
internal static class SubmittedForm
{
    private const int MostFields = 64;
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly FormOptions Options = new() { ValueCountLimit = MostFields, ValueLengthLimit = Body.MaxBytes };

    /// <exception cref="ProblemException">It cannot be read.</exception>
    /// <exception cref="BadHttpRequestException">The request broke off.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase))
            throw Problems.UnsupportedMediaType($"Send the form as a browser does, with the header Content-Type: {UrlEncoded}.");
        try
        {
            return await request.ReadFormAsync(Options, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Problems.TooLarge("The form is too large. Export fewer conversations at a time, or all.");
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw Body.BrokenOff(e);
        }
    }

    /// <exception cref="ProblemException">It lacks the token of a page, or cannot be read.</exception>
    /// <exception cref="BadHttpRequestException">The request broke off.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        await ReadAsync(request, cancellationToken) is var form && visitor.HasSent(form) ? form : throw Problems.ForeignForm();
}
