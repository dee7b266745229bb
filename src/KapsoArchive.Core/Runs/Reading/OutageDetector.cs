using System.Net;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Distinguishes an outage of the source from single failing conversations: an outage is a number of consecutive failures with
/// no success between them.</summary>
/// <param name="threshold">Number of consecutive failures that make an outage.</param>
/// <param name="key">Decides whether the key is the cause.</param>
internal sealed class OutageDetector(int threshold, KeyDoubt key)
{
    private readonly Lock _lock = new();
    private int _inARow;
    private int _read;
    private bool _isDown = true;
    private KapsoException? _last;
    private SourceUnavailableException? _outage;

    public void Begin(string conversationId) => key.Begin(conversationId);

    /// <summary>A page was returned.</summary>
    public void Answered() => key.Dispel();

    public void Succeeded()
    {
        key.Dispel();
        lock (_lock)
        {
            _read++;
            _inARow = 0;
        }
    }

    /// <summary>The source answers, but refuses this conversation: this is not an outage.</summary>
    /// <exception cref="KeyRefusedException">It refuses all conversations.</exception>
    public void Refused(string conversationId, KapsoException refusal)
    {
        lock (_lock)
        {
            _read++;
            _inARow = 0;
        }

        if (refusal is not AccessForbiddenException)
            key.Dispel();
        else if (key.Ended(conversationId, isForbidden: true))
            throw new KeyRefusedException(HttpStatusCode.Forbidden);
    }

    /// <exception cref="KeyRefusedException">The source refuses all other conversations.</exception>
    /// <exception cref="SourceUnavailableException">It is an outage. All later failures throw the same exception, so that their order
    /// does not matter.</exception>
    public void Failed(string conversationId, KapsoException failure)
    {
        if (key.Ended(conversationId, isForbidden: false))
            throw new KeyRefusedException(HttpStatusCode.Forbidden);
        lock (_lock)
        {
            _last = failure;
            _isDown &= failure.IsDown;
            if (++_inARow >= threshold)
                throw _outage ??= new SourceUnavailableException(
                    $"{_inARow} conversations in a row could not be read, so the run was stopped. The last error: {failure.Message} Run "
                        + $"again when Kapso answers.", failure)
                { IsDown = _isDown };
        }
    }

    /// <summary>Handles a run of fewer conversations than the threshold.</summary>
    /// <exception cref="SourceUnavailableException">Conversations failed and none could be read.</exception>
    public void ThrowIfNothingWasRead()
    {
        lock (_lock)
        {
            if (_read == 0 && _last is not null)
                throw new SourceUnavailableException(
                    $"No conversation could be read. The last error: {_last.Message} Run again when Kapso answers.", _last)
                {
                    IsDown = _isDown,
                };
        }
    }
}
