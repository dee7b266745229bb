using Polly.CircuitBreaker;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Lets each request wait for the rate budget. It stands below retries, which must pay too, and above the attempt's time-out and the circuit breaker, because waiting is no slowness of the source.
/// </summary>
internal sealed class RateBudgetHandler(RateBudget budget) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RatePermit permit = await budget.WaitAsync(cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            budget.TakeBack(permit);
            throw;
        }
        catch (Exception)
        {
            budget.Lose(permit);
            throw;
        }

        budget.Receive(permit, response);
        return response;
    }
}
