using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Follows a redirect only within the same scheme, host and port. The framework's own handler would send <c>X-API-Key</c> along to any host,
/// because it takes only <c>Authorization</c> off.
/// </summary>
internal sealed class SameHostRedirectHandler : DelegatingHandler
{
    private const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                return response;

            response.Dispose();
            Uri from = request.RequestUri!;
            var to = new Uri(from, location);
            if (Uri.Compare(from, to, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
                throw new KapsoException($"Kapso:BaseUrl redirects from {from.Host} to {to.Scheme}://{to.Authority}. The API key is not sent there; if that is the right address, set Kapso:BaseUrl to it.");
            if (redirects == MaxRedirects)
                throw new KapsoException($"Kapso:BaseUrl redirects in a circle ({MaxRedirects} redirects on {from.Host}).");
            request.RequestUri = to;
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
