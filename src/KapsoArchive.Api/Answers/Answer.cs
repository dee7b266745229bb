namespace KapsoArchive.Api.Answers;

/// <summary>Answers one request. Each exception becomes a problem document and is logged if an operator has to act.</summary>
internal static class Answer
{
    /// <summary>How long a client waits for a few documents. The storage client tries again for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly IResult ClientGone = Results.StatusCode(StatusCodes.Status499ClientClosedRequest);

    /// <summary>Answers a request that reads a few documents. If the store does not give them soon, it is unavailable.</summary>
    /// <inheritdoc cref="OfAsync"/>
    public static Task<IResult> SoonAsync(
        HttpRequest request, IServiceProvider services, Func<Task<IResult>> make, Func<ProblemException, IResult>? tell = null) =>
        OfAsync(request, services, () => make().WaitAsync(Patience), tell);

    /// <summary>Refuses parameters, for a call that has none and cannot fail otherwise.</summary>
    /// <returns>Null if the address has none.</returns>
    public static DocumentResult? WithoutParameters(HttpRequest request)
    {
        try
        {
            _ = new AddressQuery(request);
            return null;
        }
        catch (ProblemException e)
        {
            return DocumentResult.Of(e);
        }
    }

    /// <param name="services">Services, resolved within <paramref name="make"/>, so that a wrong setting also becomes an answer.</param>
    /// <param name="make">Creates the answer if the request succeeds.</param>
    /// <param name="tell">Creates the answer if the request fails; null answers with a problem document.</param>
    public static async Task<IResult> OfAsync(
        HttpRequest request, IServiceProvider services, Func<Task<IResult>> make, Func<ProblemException, IResult>? tell = null)
    {
        tell ??= DocumentResult.Of;
        try
        {
            return await make();
        }
        catch (Exception) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return ClientGone;
        }
        catch (ProblemException e)
        {
            return tell(e);
        }
        catch (BadHttpRequestException e)
        {
            return tell(Problems.OfHttp(e.StatusCode));
        }
        catch (OperationCanceledException)
        {
            return tell(Problems.Stopping());
        }
        catch (Exception e)
        {
            return tell(ProblemOf(e, services.GetRequiredService<ILogger<ApiLog>>()));
        }
    }

    /// <summary>The messages of store and settings name folders, containers and hosts, so they go to the log. The client learns only the
    /// kind of problem.</summary>
    private static ProblemException ProblemOf(Exception exception, ILogger log)
    {
        switch (exception)
        {
            case StoreLockedException:
                return Problems.InUse();
            case StoreException or TimeoutException:
                ApiLogs.StoreUnavailable(log, exception);
                return Problems.StoreUnavailable();
            case SettingException or OptionsValidationException:
                ApiLogs.Misconfigured(log, exception);
                return Problems.Misconfigured(SettingNames.In(exception.Message));
            default:
                ApiLogs.Failed(log, exception);
                return Problems.Internal();
        }
    }
}
