using Polly.CircuitBreaker;

namespace KapsoArchive.Core.Kapso;

/// <summary>Makes each request wait for the rate budget. It sits inside the retries, which count too, and outside the attempt's time-out
/// and the circuit breaker, because a wait does not mean that the source is slow.</summary>
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
