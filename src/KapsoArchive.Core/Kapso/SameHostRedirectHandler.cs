using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>Follows a redirect only within the same scheme, host and port. The framework's own handler would forward <c>X-API-Key</c> to
/// any host, because it removes only <c>Authorization</c>.</summary>
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
            ApiKeyCover cover = ApiKeyCover.Of(request.Headers);
            if (!Uri.TryCreate(from, location, out Uri? to))
                throw new KapsoException($"Kapso:BaseUrl redirects from {from.Host} to an invalid address. Check Kapso:BaseUrl.");
            if (Uri.Compare(from, to, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
                throw new KapsoException(
                    $"Kapso:BaseUrl redirects from {from.Host} to {Address(to, cover)}. The API key is not sent there; if that is the "
                    + "right address, set Kapso:BaseUrl to it.");
            if (cover.Covers(Uri.UnescapeDataString(to.PathAndQuery)) || cover.Covers(to.PathAndQuery))
                throw new KapsoException(
                    $"Kapso:BaseUrl redirects on {from.Host} to an address that contains the API key. It is not followed, because "
                    + "addresses are logged: ask Kapso.");
            if (redirects == MaxRedirects)
                throw new KapsoException($"Kapso:BaseUrl redirects in a circle ({MaxRedirects} redirects on {from.Host}).");
            request.RequestUri = to;
        }
    }

    private static string Address(Uri to, ApiKeyCover cover)
    {
        string host = to.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? to.Host : ErrorText.Shown(to.IdnHost, cover);
        string port = to.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{to.Port}");
        return $"{ErrorText.Shown(to.Scheme, cover)}://{host}{port}";
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
            or HttpStatusCode.PermanentRedirect;
}
