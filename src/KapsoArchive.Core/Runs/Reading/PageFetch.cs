using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Fetches the pages of one conversation, and distinguishes a failing page from a failing source.</summary>
/// <param name="gate">Limits the requests in flight.</param>
/// <param name="clock">Ends the slice.</param>
/// <param name="shape">How the source pages.</param>
/// <param name="maxRetries">Default number of retries of a request.</param>
/// <param name="runClock">Checked when the first page has arrived; null if the run knows the present.</param>
internal sealed class PageFetch(
    KapsoClient client, RunState state, RequestGate gate, SliceClock clock, SourceShape shape, int maxRetries, RunClock? runClock)
{
    private readonly Lazy<Task>? _clockCheck = runClock is null
        ? null
        : new Lazy<Task>(() => runClock.CheckAsync(state.Head, CancellationToken.None));

    /// <summary>The pages of a conversation.</summary>
    public PageSource Of(string conversationId, ConversationSpan span)
    {
        var flattener = new RecordFlattener(Utf8Text.From(conversationId), state.Run);
        return async (plan, retries, cancellationToken) =>
        {
            clock.ThrowIfEnding();
            long answered = shape.Answers;
            try
            {
                Page page = await gate.PassAsync(
                    token =>
                    {
                        clock.ThrowIfEnding();
                        span.CountRequest();
                        return client.GetMessagesAsync(conversationId, plan.Page, plan.PerPage, retries, token);
                    },
                    cancellationToken);
                if (_clockCheck is not null)
                    await _clockCheck.Value;
                return ListingPage.Of(page, flattener, conversationId, state.Head.Fingerprints);
            }
            catch (KapsoException e) when (e.MayConcernPage)
            {
                // While a page is being halved, its halves are expected to fail. A record is given up only if the source answers other
                // requests at that time.
                bool isSingle = plan.PerPage == 1;
                bool isExpected = e is PageTooLargeException || (!isSingle && (retries is not null || shape.Answers > answered));
                if (!isExpected && !await gate.PassAsync(client.AnswersAsync, cancellationToken))
                    throw;
                throw new UnreadablePageException(e.Message, e is PageTooLargeException ? 1 : 1 + (retries ?? maxRetries));
            }
        };
    }
}
