using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace KapsoArchive.FunctionsHost.Queues;

/// <summary>"The lease of a queue message is ten minutes and renewed by the host", at half its time.</summary>
internal sealed class MessageLease : IAsyncDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    private readonly QueueClient _queue;
    private readonly string _messageId;
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;
    private string _popReceipt;

    public MessageLease(QueueClient queue, QueueMessage message)
    {
        (_queue, _messageId, _popReceipt) = (queue, message.MessageId, message.PopReceipt);
        _renewing = RenewAsync();
    }

    /// <summary>Makes the message visible after a time.</summary>
    public Task EndAsync(TimeSpan after, CancellationToken cancellationToken) => UpdateAsync(TimeSpan.FromSeconds(Math.Ceiling(after.TotalSeconds)), cancellationToken);

    public async Task DeleteAsync()
    {
        await _one.WaitAsync();
        try
        {
            await _queue.DeleteMessageAsync(_messageId, _popReceipt);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Somebody else has received it meanwhile, or cleared the queue.
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Stops the renewal. <see cref="EndAsync"/> can still be called.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Length / 2);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
                await UpdateAsync(Length, _ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The delivery has ended.
        }
    }

    private async Task UpdateAsync(TimeSpan hidden, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _popReceipt = (await _queue.UpdateMessageAsync(_messageId, _popReceipt, visibilityTimeout: hidden, cancellationToken: cancellationToken)).Value.PopReceipt;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Somebody else has received it meanwhile, or cleared the queue.
        }
        finally
        {
            _one.Release();
        }
    }
}
