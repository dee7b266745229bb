using KapsoArchive.Api.Answers;
using KapsoArchive.Api.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>Reads a form that a page has sent, and none that another site has.</summary>
internal static class PageForm
{
    private const int MostFields = 64;
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly FormOptions Options = new() { ValueCountLimit = MostFields, ValueLengthLimit = Body.MaxBytes };

    /// <exception cref="ProblemException">Another site has sent it, or it cannot be read.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (IsForeign(request))
            throw Problems.ForeignForm();
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase))
            throw Problems.UnsupportedMediaType($"Send the form as a browser does, with the header Content-Type: {UrlEncoded}.");
        try
        {
            return await request.ReadFormAsync(Options, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Problems.TooLarge("The form is too large. Export fewer conversations at a time, or all.");
        }
    }

    /// <exception cref="ProblemException">Another site has sent it, it lacks what only the pages know, or it cannot be read.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        await ReadAsync(request, cancellationToken) is var form && visitor.HasSent(form) ? form : throw Problems.ForeignForm();

    /// <summary>
    /// What the browser says of who had the form sent. <c>Sec-Fetch-Site</c> where there is one: it is right behind a proxy, too. An older browser names the origin, or, as the pages want no
    /// referrer sent, <c>null</c>, which says nothing.
    /// </summary>
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != "null"
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase));
    }
}
