using Azure.Core;
using Azure.Identity;
using Azure.Storage.Queues;
using KapsoArchive.Core.Storage.Blobs;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Wakes a function app by the queue <c>archive-runs</c> of its storage account. The name is fixed because an Azure Functions
/// trigger names its queue. So an account's queue serves one archive; a second archive needs an account of its own. Messages are JSON in
/// base64, the trigger's default.</summary>
internal sealed class QueueWaker : IWaker
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _runs;
    private readonly QueueClient _poison;

    /// <param name="service">The queues of the account.</param>
    internal QueueWaker(QueueServiceClient service)
    {
        _runs = service.GetQueueClient(RunMessage.QueueName);
        _poison = service.GetQueueClient(RunMessage.PoisonQueueName);
    }

    /// <exception cref="StoreException">The connection string cannot be read.</exception>
    public static QueueWaker FromConnectionString(string connectionString)
    {
        try
        {
            return new QueueWaker(new QueueServiceClient(connectionString, Options()));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
#pragma warning disable MA0054 // Without the inner exception: its message may quote part of the secret.
            throw new StoreException(BlobAddress.UnreadableConnection);
#pragma warning restore MA0054
        }
    }

    /// <param name="service"><c>https://ACCOUNT.queue.core.windows.net</c></param>
    /// <param name="clientId">The client id of the managed identity; null for the identity that <see cref="DefaultAzureCredential"/>
    /// finds.</param>
    /// <exception cref="StoreException">The address does not start with https.</exception>
    public static QueueWaker FromServiceUrl(Uri service, string? clientId)
    {
        if (service.Scheme != Uri.UriSchemeHttps)
            throw new StoreException(
                $"{service.GetLeftPart(UriPartial.Path)} must start with https: an identity's token is not sent unencrypted. For an "
                + "emulator, give its connection string.");
        TokenCredential credential = clientId is { Length: > 0 }
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
        return new QueueWaker(new QueueServiceClient(service, credential, Options()));
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => QueueFault.ExplainAsync(LocationOf(_runs), async () =>
    {
        // Check first: an identity whose role covers only the existing queue may not create one.
        if (!await _runs.ExistsAsync(cancellationToken))
            await _runs.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        return await _runs.PeekMessageAsync(cancellationToken);
    });

    public Task WakeAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken) =>
        SendAsync(_runs, message, WholeSeconds(delay), cancellationToken);

    /// <summary>Puts the message into the poison queue, whose log an alert reads. The runtime of Azure Functions does the same for a
    /// message that it cannot have handled.</summary>
    public async Task ReportGivenUpAsync(RunMessage message, CancellationToken cancellationToken)
    {
        await QueueFault.ExplainAsync(
            LocationOf(_poison), () => _poison.CreateIfNotExistsAsync(cancellationToken: cancellationToken));
        await SendAsync(_poison, message, TimeSpan.Zero, cancellationToken);
    }

    private static async Task SendAsync(QueueClient queue, RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        string text = Convert.ToBase64String(Encoding.UTF8.GetBytes(message.ToJson()));
        await QueueFault.ExplainAsync(LocationOf(queue), () => queue.SendMessageAsync(text, delay, Forever, cancellationToken));
    }

    /// <summary>Without the query, which may be a secret.</summary>
    private static string LocationOf(QueueClient queue) => queue.Uri.GetLeftPart(UriPartial.Path);

    /// <summary>Rounds up: Azure uses whole seconds and would truncate, so the message would arrive too early.</summary>
    private static TimeSpan WholeSeconds(TimeSpan delay) => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(delay.TotalSeconds, 0)));

    // Requests are small. With the default of 100 seconds, four tries on a network that drops packets would hide an outage for minutes.
    private static QueueClientOptions Options() => new() { Retry = { NetworkTimeout = TimeSpan.FromSeconds(20) } };
}
