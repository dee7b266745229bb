using System.Net;
using Polly.CircuitBreaker;

namespace KapsoArchive.Core.Kapso;

/// <summary>The source's two endpoints. Each call retries before it throws.</summary>
/// <exception cref="KeyRefusedException">The source refused the key: 401, or 403 for the list of conversations.</exception>
/// <exception cref="AccessForbiddenException">The key may not read this conversation (403).</exception>
/// <exception cref="ConversationNotFoundException">The source knows no such conversation (404).</exception>
/// <exception cref="KapsoException">Any other failure to read the page.</exception>
public sealed class KapsoClient(HttpClient http)
{
    /// <summary>The source's maximum number of records per page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Counters of the requests sent through this client.</summary>
    public SourceCounters Counters { get; } = new();

    /// <summary>The source's clock.</summary>
    public SourceClock Clock { get; } = new();

    /// <summary>Requests one page of a conversation's messages.</summary>
    /// <param name="page">Starts at 1.</param>
    /// <param name="perPage">1 to <see cref="MaxPerPage"/>.</param>
    /// <param name="retries">How many times to resend the request after a transient fault; null for <see cref="KapsoOptions.MaxRetries"/>.
    /// If it is set, a failure does not count towards the circuit breaker.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnaddressableConversationException">The id would lead the request elsewhere. No request was sent.</exception>
    /// <exception cref="PageRefusedException">400, 404 or 422 for a page after the first.</exception>
    /// <exception cref="SourceFaultException">A transient fault that outlasted the retries.</exception>
    public async Task<Page> GetMessagesAsync(
        string conversationId, int page, int perPage, int? retries, CancellationToken cancellationToken)
    {
        if (ConversationAddress.LeadsElsewhere(conversationId))
            throw new UnaddressableConversationException();
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"whatsapp_conversations/{Uri.EscapeDataString(conversationId)}/whatsapp_messages?page={page}&per_page={perPage}");
        return await GetAsync(path, page, retries, cancellationToken) ?? throw new ConversationNotFoundException();
    }

    /// <summary>Whether the source answers. Requests one entry of the list of conversations.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync("whatsapp_conversations?page=1&per_page=1", page: 1, retries: 1, cancellationToken) is not null;
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            return false;
        }
    }

    /// <summary>Requests one page of the list of conversations.</summary>
    /// <param name="activeSince">Only conversations last active at this time or later; null for all. The filter also excludes conversations
    /// without a last activity.</param>
    /// <exception cref="PageRefusedException">400, 404 or 422 for a page after the first.</exception>
    public async Task<Page> GetConversationsAsync(int page, int perPage, DateTimeOffset? activeSince, CancellationToken cancellationToken)
    {
        string filter = activeSince is null ? "" : string.Create(
            CultureInfo.InvariantCulture, $"&q%5Blast_active_at_gteq%5D={activeSince.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        string path = string.Create(CultureInfo.InvariantCulture, $"whatsapp_conversations?page={page}&per_page={perPage}{filter}");
        try
        {
            return await GetAsync(path, page, retries: null, cancellationToken) ?? throw new KapsoException(
                "Kapso has no list of conversations at this address (404). Check Kapso:BaseUrl (environment Kapso__BaseUrl).");
        }
        catch (AccessForbiddenException)
        {
            throw new KeyRefusedException(HttpStatusCode.Forbidden);
        }
    }

    /// <returns>Null for 404.</returns>
    /// <exception cref="PageRefusedException">400, 404 or 422 for a page after the first.</exception>
    private async Task<Page?> GetAsync(string path, int page, int? retries, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(path, UriKind.Relative));
            Counters.Follow(request);
            if (retries is { } few)
                request.Options.Set(KapsoResilience.Retries, few);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            Clock.Observe(response);
            if (response.IsSuccessStatusCode && response.RequestMessage!.Options.TryGetValue(AnswerReadingHandler.PageKey, out Page? read))
                return read;
            return response switch
            {
                { StatusCode: HttpStatusCode.NotFound } => page > 1 ? throw new PageRefusedException("Kapso answered 404.") : null,
                { StatusCode: HttpStatusCode.Unauthorized } => throw new KeyRefusedException(response.StatusCode),
                _ => throw Failure(response.StatusCode, page, ErrorText.From(
                    await response.Content.ReadAsByteArrayAsync(cancellationToken), ApiKeyCover.Of(http.DefaultRequestHeaders))),
            };
        }
        catch (Exception e) when (TransientFault.IsTimeout(e))
        {
            throw new SourceFaultException("Kapso did not answer in time.", e);
        }
        catch (BrokenCircuitException e)
        {
            throw new KapsoException("Kapso failed so often that requests to it are paused.", e)
            {
                IsDown = e.InnerException is not UnexpectedAnswerException,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SourceFaultException($"The connection to Kapso failed: {Innermost(e).Message.TrimEnd('.')}.", e);
        }
    }

    private static KapsoException Failure(HttpStatusCode status, int page, string? said) => said switch
    {
        _ when status == HttpStatusCode.BadRequest && said?.Contains("pagination_limit", StringComparison.Ordinal) == true =>
            new PageLimitException(said),
        _ when status == HttpStatusCode.Forbidden => new AccessForbiddenException(Answered(status, said)),
        _ when status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
            page > 1 ? new PageRefusedException(Answered(status, said)) : new RequestRefusedException(Answered(status, said)),
        _ when TransientFault.Is(status) => new SourceFaultException(Answered(status, said)),
        _ => new KapsoException(Answered(status, said)),
    };

    private static string Answered(HttpStatusCode status, string? said) =>
        said is null ? $"Kapso answered {(int)status}." : $"Kapso answered {(int)status}: {said.TrimEnd('.')}.";

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
