using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>The source did not return what was requested. The message is for people and contains no secret.</summary>
public class KapsoException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the fault may concern only the requested page: a 408 or 5xx, a broken or stalled answer, or unexpected
    /// JSON.</summary>
    public virtual bool MayConcernPage => false;

    /// <summary>Whether the source was down: no connection, a time-out, 408 or 5xx. A 429 is waited out.</summary>
    public virtual bool IsDown { get; init; }
}

/// <summary>401, 403 for the list of conversations, or 403 for every conversation tried: the key is wrong or lacks the permission. It ends
/// the run.</summary>
public sealed class KeyRefusedException(HttpStatusCode status)
    : KapsoException(
        $"Kapso refused the API key ({(int)status}). Check Kapso:ApiKey (environment Kapso__ApiKey): it must be a key of the project "
        + "whose conversations are archived.");

/// <summary>404: this conversation is not in the key's project. It concerns one conversation only.</summary>
public sealed class ConversationNotFoundException() : KapsoException("not found");

/// <summary>The source lists a conversation whose id would lead a request elsewhere. It cannot be requested.</summary>
public sealed class UnaddressableConversationException()
    : KapsoException("its id cannot be requested: in an address it would lead elsewhere");

/// <summary>403: the key may not read this. For a conversation, only that conversation is affected.</summary>
public sealed class AccessForbiddenException(string message) : KapsoException(message);

/// <summary>408 or 5xx, or a broken or stalled connection. It may be transient, or concern only the requested page.</summary>
public sealed class SourceFaultException(string message, Exception? inner = null) : KapsoException(message, inner)
{
    public override bool MayConcernPage => true;

    public override bool IsDown { get; init; } = true;
}

/// <summary>400 or 422: the source refuses the request. Resending it gives the same result.</summary>
public sealed class RequestRefusedException(string message) : KapsoException(message);

/// <summary>400, 404 or 422 for a page after the first: the source refuses this page. The conversation itself may be fine.</summary>
public sealed class PageRefusedException(string message) : KapsoException(message);

/// <summary>The answer is not the JSON that the API documents: truncated, HTML, too large or nested too deeply.</summary>
public sealed class UnexpectedAnswerException(string message, Exception? inner = null) : KapsoException(message, inner)
{
    public override bool MayConcernPage => true;
}

/// <summary>The page, or a record on it, exceeds its limit. Resending the request does not help; requesting fewer records may.</summary>
/// <param name="message">Names the limit and its setting.</param>
public sealed class PageTooLargeException(string message) : KapsoException(message)
{
    public override bool MayConcernPage => true;
}

/// <summary>400 <c>legacy_offset_pagination_limit_exceeded</c>: the source does not page further than this. Older records cannot be
/// read.</summary>
public sealed class PageLimitException(string said) : KapsoException($"the source pages no further: {said}");
