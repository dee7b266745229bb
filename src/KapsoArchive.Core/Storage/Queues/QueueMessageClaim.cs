using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>The hold on a message of a storage queue: nobody else sees it for a term. Each renewal gives a new receipt, which the next request must show.</summary>
internal sealed class QueueMessageClaim(QueueClient client, QueueMessage message, TimeSpan term, string location, TimeProvider timeProvider) : IClaim
{
    private string _receipt = message.PopReceipt;

    public TimeSpan Term => term;

    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        // Not given up half way because the work is done: the receipt that Azure has then would never be known, and the message could not be deleted.
        using CancellationTokenSource patience = new(term / 3, timeProvider);
        return await HideAsync(term, patience.Token);
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) => HideAsync(TimeSpan.Zero, cancellationToken);

    /// <returns>False where the message is no longer this holder's.</returns>
    public Task<bool> HideAsync(TimeSpan time, CancellationToken cancellationToken) => HeldAsync(async () =>
    {
        UpdateReceipt answer = await client.UpdateMessageAsync(message.MessageId, _receipt, messageText: null, time, cancellationToken);
        _receipt = answer.PopReceipt;
    });

    /// <returns>False where the message is no longer this holder's.</returns>
    public Task<bool> DeleteAsync(CancellationToken cancellationToken) => HeldAsync(() => client.DeleteMessageAsync(message.MessageId, _receipt, cancellationToken));

    private Task<bool> HeldAsync(Func<Task> request) => QueueFault.ExplainAsync(location, async () =>
    {
        try
        {
            await request();
            return true;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == QueueErrorCode.MessageNotFound || failed.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            // It ran out and somebody else took or deleted it, or an earlier try of this request succeeded and its answer was lost.
            return false;
        }
    });
}
