using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// Takes messages from a queue and has them handled, several at a time. A message whose handler throws comes again after a while, five times in all; then the run
/// is told to have failed. A delivery that was given back, by a stop or a death, counts as an attempt.
/// </summary>
public sealed class RunPump : IDisposable
{
    /// <summary>Before the second attempt, the third and so on: a source or a store that is down for a quarter of an hour fails no run.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    // For telling the queue what became of a message, also while the program stops.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly RunIntake _intake;
    private readonly int _workers;
    private readonly Func<RunMessage, CancellationToken, Task> _handle;
    private readonly Func<RunMessage, CancellationToken, Task> _fail;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private int _working;

    /// <param name="queue">Where the messages come from. It is prepared first.</param>
    /// <param name="workers">How many are handled at a time.</param>
    /// <param name="handle">Does what a message is due for. Its token is cancelled when the program stops, and when somebody else may have the message.</param>
    /// <param name="fail">Writes down that a run failed for good. Where it throws, the message comes again.</param>
    /// <param name="timeProvider">The clock of the pauses.</param>
    /// <param name="logger">Told of failures, by the run's id.</param>
    public RunPump(
        IRunQueue queue, int workers, Func<RunMessage, CancellationToken, Task> handle, Func<RunMessage, CancellationToken, Task> fail, TimeProvider timeProvider, ILogger<RunPump> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _intake = new RunIntake(queue, timeProvider, logger);
        _workers = workers;
        _handle = handle;
        _fail = fail;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>The handlers at work.</summary>
    public int Working => Volatile.Read(ref _working);

    /// <summary>Since when no message can be taken, because the queue cannot be reached; null where it can.</summary>
    public DateTimeOffset? FailingSince => _intake.FailingSince;

    /// <summary>Works until it is stopped. Then nothing more is taken, handlers are cancelled, and what they did not finish is given back; it ends when all that is done.</summary>
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
            // That is how it ends.
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
            // Neither a success nor a failure: the message is given back, where it is still this one's to give.
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

    /// <returns>False where that could not be: then the message comes again.</returns>
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
            // At least once is what a queue promises: the message comes again when nobody renews it.
            QueueLog.NotSettled(_logger, exception, runId);
        }
    }
}
