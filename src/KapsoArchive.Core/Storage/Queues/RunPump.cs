using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// Takes messages from a queue and handles several at a time. If a handler throws, the message is delivered again after a pause, up to five
/// times in all; then the run is reported as failed. A delivery returned by a stop or a death counts as an attempt.
/// </summary>
public sealed class RunPump : IDisposable
{
    /// <summary>
    /// The pauses before the second attempt, the third and so on. A source or store that is down for 15 minutes does not fail a run.
    /// </summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15)];

    // Time limit for reporting a message's outcome to the queue, also while the program stops.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly RunIntake _intake;
    private readonly int _workers;
    private readonly Func<RunMessage, CancellationToken, Task> _handle;
    private readonly Func<RunMessage, CancellationToken, Task> _fail;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private int _working;

    /// <param name="queue">The queue. It is prepared first.</param>
    /// <param name="workers">How many messages are handled at a time.</param>
    /// <param name="handle">Handles a message. Its token is cancelled when the program stops or another worker may have the
    /// message.</param>
    /// <param name="fail">Records that a run failed for good. If it throws, the message is delivered again.</param>
    /// <param name="timeProvider">The clock of the pauses.</param>
    /// <param name="logger">Logs failures with the run's id.</param>
    public RunPump(
        IRunQueue queue, int workers, Func<RunMessage, CancellationToken, Task> handle, Func<RunMessage, CancellationToken, Task> fail,
        TimeProvider timeProvider, ILogger<RunPump> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _intake = new RunIntake(queue, timeProvider, logger);
        _workers = workers;
        _handle = handle;
        _fail = fail;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>The number of handlers at work.</summary>
    public int Working => Volatile.Read(ref _working);

    /// <summary>Since when the queue has been out of reach; null if it is reachable.</summary>
    public DateTimeOffset? FailingSince => _intake.FailingSince;

    /// <summary>
    /// Works until it is stopped. It then takes no more messages, cancels the handlers and returns unfinished messages to the queue.
    /// Completes when all that is done.
    /// </summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None)));

    public void Dispose() => _intake.Dispose();

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await using RunDelivery delivery = await _intake.NextAsync(stopping);
                stopping.ThrowIfCancellationRequested();
                await TreatAsync(delivery, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The normal end.
        }
    }

    private async Task TreatAsync(RunDelivery delivery, CancellationToken stopping)
    {
        if (delivery.Message is not { } message)
        {
            QueueLog.Unreadable(_logger);
            await SettleAsync(null, delivery.CompleteAsync);
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, delivery.Lost);
        Interlocked.Increment(ref _working);
        try
        {
            await HandleAsync(delivery, message, either.Token);
        }
        catch (Exception exception) when (either.IsCancellationRequested)
        {
            // Neither success nor failure: the message is returned if it is still held.
            Exception? told = exception is OperationCanceledException ? null : exception;
            if (delivery.Lost.IsCancellationRequested)
                QueueLog.Lost(_logger, told, message.RunId);
            else
                QueueLog.Interrupted(_logger, told, message.RunId);
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }

    private async Task HandleAsync(RunDelivery delivery, RunMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _handle(message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (delivery.Attempt <= Pauses.Length)
            {
                TimeSpan pause = Pauses[delivery.Attempt - 1];
                QueueLog.AttemptFailed(_logger, exception, message.RunId, delivery.Attempt, pause);
                await SettleAsync(message.RunId, token => delivery.RetryAsync(pause, token));
                return;
            }
            QueueLog.GivenUp(_logger, exception, message.RunId, delivery.Attempt);
            if (!await TryFailAsync(delivery, message, cancellationToken))
                return;
        }
        await SettleAsync(message.RunId, delivery.CompleteAsync);
    }

    /// <returns>False if that failed; the message is then delivered again.</returns>
    private async Task<bool> TryFailAsync(RunDelivery delivery, RunMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _fail(message, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan pause = Pauses[1];
            QueueLog.FailureNotRecorded(_logger, exception, message.RunId, pause);
            await SettleAsync(message.RunId, token => delivery.RetryAsync(pause, token));
            return false;
        }
    }

    private async Task SettleAsync(string? runId, Func<CancellationToken, Task> settle)
    {
        try
        {
            using CancellationTokenSource patience = new(Patience, _timeProvider);
            await settle(patience.Token);
        }
        catch (Exception exception)
        {
            // A queue guarantees at least one delivery: the message returns once its hold expires.
            QueueLog.NotSettled(_logger, exception, runId);
        }
    }
}
