namespace KapsoArchive.Api;

/// <summary>Handles the liveness and readiness requests.</summary>
public sealed class HealthApi
{
    private readonly Readiness _readiness;

    internal HealthApi(Readiness readiness) => _readiness = readiness;

    /// <summary><c>GET /api/health/live</c></summary>
    public static IResult Live(HttpRequest request) => Answer.WithoutParameters(request) ?? DocumentResult.Of(
        StatusCodes.Status200OK, new LiveDocument("live"), ApiJson.Default.LiveDocument);

    /// <summary><c>GET /api/health/ready</c></summary>
    public async Task<IResult> ReadyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Answer.WithoutParameters(request) is { } refusal)
            return refusal;
        try
        {
            HealthDocument health = await _readiness.ReadAsync(cancellationToken);
            return DocumentResult.Of(health.Status == Readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
                health, ApiJson.Default.HealthDocument);
        }
        catch (OperationCanceledException)
        {
            return request.HttpContext.RequestAborted.IsCancellationRequested
                ? Results.StatusCode(StatusCodes.Status499ClientClosedRequest) : DocumentResult.Of(Problems.Stopping());
        }
    }
}
