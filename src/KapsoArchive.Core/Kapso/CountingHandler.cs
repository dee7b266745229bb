using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>Counts the requests actually sent. It sits inside the retries.</summary>
internal sealed class CountingHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SourceCounters? counters = SourceCounters.Of(request);
        counters?.CountRequest();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            counters?.CountThrottled();
        return response;
    }
}
