using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// The hold on a message of a storage queue: the message stays hidden for a term. Each renewal returns a new receipt, which the next
/// request must present.
/// </summary>
internal sealed class QueueMessageClaim(
    QueueClient client, QueueMessage message, TimeSpan term, string location, TimeProvider timeProvider) : IClaim
{
    private string _receipt = message.PopReceipt;

    public TimeSpan Term => term;

    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        // Not cancelled when the work ends: Azure's new receipt would be lost, and the message could not be deleted.
        using CancellationTokenSource patience = new(term / 3, timeProvider);
        return await HideAsync(term, patience.Token);
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) => HideAsync(TimeSpan.Zero, cancellationToken);

    /// <returns>False if the message no longer belongs to this holder.</returns>
    public Task<bool> HideAsync(TimeSpan time, CancellationToken cancellationToken) => HeldAsync(async () =>
    {
        UpdateReceipt answer = await client.UpdateMessageAsync(message.MessageId, _receipt, messageText: null, time, cancellationToken);
        _receipt = answer.PopReceipt;
    });

    /// <returns>False if the message no longer belongs to this holder.</returns>
    public Task<bool> DeleteAsync(CancellationToken cancellationToken) =>
        HeldAsync(() => client.DeleteMessageAsync(message.MessageId, _receipt, cancellationToken));

    private Task<bool> HeldAsync(Func<Task> request) => QueueFault.ExplainAsync(location, async () =>
    {
        try
        {
            await request();
            return true;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == QueueErrorCode.MessageNotFound
            || failed.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            // The hold expired and another worker took or deleted the message, or an earlier try of this request succeeded and its answer
            // was lost.
            return false;
        }
    });
}
