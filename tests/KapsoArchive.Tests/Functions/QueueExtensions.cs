using Azure.Storage.Queues;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Functions;

/// <summary>The queues of runs in the emulator.</summary>
internal static class QueueExtensions
{
    /// <summary>Deletes all messages, hidden ones too.</summary>
    public static async Task EmptyAsync(this QueueServiceClient queues, CancellationToken cancellationToken)
    {
        foreach (string name in (string[])[RunMessage.QueueName, RunMessage.PoisonQueueName])
        {
            if (await queues.GetQueueClient(name).ExistsAsync(cancellationToken))
                await queues.GetQueueClient(name).ClearMessagesAsync(cancellationToken);
        }
    }

    /// <summary>How many messages a queue has, hidden ones too.</summary>
    public static async Task<int> CountAsync(this QueueServiceClient queues, string name, CancellationToken cancellationToken) =>
        await queues.GetQueueClient(name).ExistsAsync(cancellationToken)
            ? (await queues.GetQueueClient(name).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount
            : 0;
}
