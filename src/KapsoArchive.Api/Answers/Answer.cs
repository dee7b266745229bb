using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Api.Answers;

/// <summary>Makes the answer to one request, whatever happens on the way: each exception becomes the problem document it stands for, and is logged where an operator has to act.</summary>
internal static class Answer
{
    private static readonly IResult ClientGone = Results.StatusCode(StatusCodes.Status499ClientClosedRequest);

    /// <param name="request">What is answered.</param>
    /// <param name="services">Where the answer's parts come from. They are asked for within <paramref name="make"/>: that is when a wrong setting comes to light.</param>
    /// <param name="make">Makes the answer of a request that can be carried out.</param>
    /// <param name="tell">Makes the answer of a request that cannot; null for a problem document.</param>
    public static async Task<IResult> OfAsync(HttpRequest request, IServiceProvider services, Func<Task<IResult>> make, Func<ProblemException, IResult>? tell = null)
    {
        tell ??= DocumentResult.Of;
        try
        {
            return await make();
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
            return request.HttpContext.RequestAborted.IsCancellationRequested ? ClientGone : tell(Problems.Stopping());
        }
        catch (Exception e)
        {
            return tell(ProblemOf(e, services.GetRequiredService<ILogger<ApiLog>>()));
        }
    }

    /// <summary>What the store and the settings say of themselves is for the operator: it names folders, containers and hosts. The client learns which it is.</summary>
    private static ProblemException ProblemOf(Exception exception, ILogger log)
    {
        switch (exception)
        {
            case StoreLockedException:
                return Problems.InUse();
            case StoreException:
                Logs.StoreUnavailable(log, exception);
                return Problems.StoreUnavailable();
            case SettingException or OptionsValidationException:
                Logs.Misconfigured(log, exception);
                return Problems.Misconfigured(SettingNames.In(exception.Message));
            default:
                Logs.Failed(log, exception);
                return Problems.Internal();
        }
    }
}
