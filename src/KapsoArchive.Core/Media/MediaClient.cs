using System.Net;
using KapsoArchive.Core.Network;

namespace KapsoArchive.Core.Media;

/// <summary>Downloads files behind links that strangers may have chosen.</summary>
internal sealed class MediaClient(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>Connects to public addresses only.</summary>
    public const string ClientName = "media";

    /// <summary>Connects to public addresses and to this machine.</summary>
    public const string LocalClientName = "media-local";

    private const int MaxRedirects = 5;

    /// <param name="maxBytes">The largest file to accept.</param>
    /// <param name="expectedType">The media type that the record names, or null. An HTML page is accepted only if it is one of
    /// HTML.</param>
    /// <param name="allowsThisMachine">The source is on this machine, so its links may lead there too, also over http.</param>
    /// <exception cref="IOException">The temporary file cannot be written.</exception>
    public async Task<MediaAnswer> GetAsync(
        string link, long maxBytes, string? expectedType, bool allowsThisMachine, CancellationToken cancellationToken)
    {
        using HttpClient client = clients.CreateClient(allowsThisMachine ? LocalClientName : ClientName);
        using var patience = new MediaPatience(time, cancellationToken);
        MediaRate? rate = null;
        try
        {
            Uri place = MediaLink.Of(link, allowsThisMachine);
            for (int redirects = 0; ; redirects++)
            {
                using HttpResponseMessage answer = await SendAsync(client, place, patience);
                if (redirects == 0)
                    rate = MediaRate.Of(answer, time);
                if (!IsRedirect(answer.StatusCode))
                {
                    MediaContent content = await new MediaDownload(answer, maxBytes, expectedType, patience).ReadAsync(cancellationToken);
                    return new MediaAnswer(MediaVerdict.Arrived, null, content) { RateLimit = rate };
                }

                if (redirects == MaxRedirects)
                    throw new MediaFailure(MediaVerdict.Unavailable, $"it redirects more than {MaxRedirects} times");
                place = MediaLink.After(place, answer.Headers.Location?.OriginalString, allowsThisMachine);
            }
        }
        catch (MediaFailure failure)
        {
            return new MediaAnswer(failure.Verdict, failure.Message, null) { RateLimit = rate };
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri place, MediaPatience patience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, place);
        patience.Renew();
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException is AddressRefusedException
                ? new MediaFailure(MediaVerdict.Refused, "it leads to an address that is not public")
                : new MediaFailure(MediaVerdict.Unavailable, WhyUnreached(e.HttpRequestError));
        }
        catch (OperationCanceledException)
        {
            throw patience.Ended();
        }
    }

    private static string WhyUnreached(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its host is unknown",
        HttpRequestError.SecureConnectionError => "no secure connection to its host",
        HttpRequestError.ConfigurationLimitExceeded => "the headers of the answer are too long",
        HttpRequestError.InvalidResponse => "the answer is not valid HTTP",
        HttpRequestError.ResponseEnded => "the answer broke off",
        _ => "no connection to its host",
    };

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
            or HttpStatusCode.PermanentRedirect;
}
