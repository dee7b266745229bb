using System.Text;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Storage.Blobs;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// The queue <c>archive-runs</c> of a storage account, shared by several processes. The name is fixed because an Azure Functions trigger
/// names its queue. So an account's queue serves one archive; a second archive needs an account of its own. Messages are JSON in base64,
/// the trigger's default.
/// </summary>
internal sealed class StorageRunQueue : IRunQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _client;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _term;
    private readonly string _location;

    /// <param name="client">The queue's client, without message encoding. The base64 is decoded here, because the client itself fails on
    /// text that is not base64.</param>
    /// <param name="timeProvider">The clock for pauses and renewals; the system clock by default.</param>
    /// <param name="term">How long a received message stays hidden without a renewal. One minute by default, renewed every 20
    /// seconds.</param>
    internal StorageRunQueue(QueueClient client, TimeProvider? timeProvider = null, TimeSpan? term = null)
    {
        _client = client;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _term = term ?? TimeSpan.FromMinutes(1);
        _location = client.Uri.GetLeftPart(UriPartial.Path); // A query may be a secret.
    }

    /// <exception cref="StoreException">The connection string cannot be read.</exception>
    public static StorageRunQueue FromConnectionString(string connectionString, TimeProvider? timeProvider = null)
    {
        try
        {
            return new StorageRunQueue(new QueueClient(connectionString, RunMessage.QueueName, Options()), timeProvider);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
#pragma warning disable MA0054 // Without the inner exception: its message may quote part of the secret.
            throw new StoreException(BlobAddress.UnreadableConnection);
#pragma warning restore MA0054
        }
    }

    /// <param name="queueService"><c>https://ACCOUNT.queue.core.windows.net</c></param>
    /// <param name="credential">The credential for requests; <see cref="DefaultAzureCredential"/> by default.</param>
    /// <param name="timeProvider">The clock; the system clock by default.</param>
    /// <exception cref="StoreException">The address does not start with https.</exception>
    public static StorageRunQueue FromServiceUrl(Uri queueService, TokenCredential? credential = null, TimeProvider? timeProvider = null)
    {
        if (queueService.Scheme != Uri.UriSchemeHttps)
            throw new StoreException(
                $"{queueService.GetLeftPart(UriPartial.Path)} must start with https: an identity's token is not sent in the clear. An "
                + "emulator is reached by its connection string.");
        Uri queue = new UriBuilder(queueService) { Path = $"{queueService.AbsolutePath.TrimEnd('/')}/{RunMessage.QueueName}" }.Uri;
        return new StorageRunQueue(new QueueClient(queue, credential ?? new DefaultAzureCredential(), Options()), timeProvider);
    }

    /// <param name="queueService">See above.</param>
    /// <param name="clientId">The client id of the managed identity; null for the identity that <see cref="DefaultAzureCredential"/>
    /// finds.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="StoreException">The address does not start with https.</exception>
    public static StorageRunQueue FromServiceUrl(Uri queueService, string? clientId, TimeProvider timeProvider) =>
        FromServiceUrl(
            queueService,
            clientId is { Length: > 0 }
                ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
                : null as TokenCredential,
            timeProvider);

    /// <summary>Opens the queue in a blob store's account.</summary>
    /// <exception cref="StoreException">The queue address cannot be derived from the URL; the message says what to configure.</exception>
    public static StorageRunQueue ForBlobContainer(
        string containerUrl, TokenCredential? credential = null, TimeProvider? timeProvider = null) =>
        FromServiceUrl(QueueAddress.OfContainer(containerUrl), credential, timeProvider);

    public Task PrepareAsync(CancellationToken cancellationToken) => QueueFault.ExplainAsync(_location, async () =>
    {
        // Check first: an identity whose role covers only the existing queue may not create one.
        if (!await _client.ExistsAsync(cancellationToken))
            await _client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        return await _client.PeekMessageAsync(cancellationToken);
    });

    public Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        string text = Convert.ToBase64String(Encoding.UTF8.GetBytes(message.ToJson()));
        return QueueFault.ExplainAsync(_location, () => _client.SendMessageAsync(text, WholeSeconds(delay), Forever, cancellationToken));
    }

    public async Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            long asked = _timeProvider.GetTimestamp();
            QueueMessage? message = await QueueFault.ExplainAsync(
                _location, async () => (await _client.ReceiveMessageAsync(_term, cancellationToken)).Value);
            if (message is not null)
                return Delivery(message, asked);
            await Task.Delay(pause, _timeProvider, cancellationToken);
        }
    }

    /// <summary>Rounds up: Azure uses whole seconds and would truncate, so the message would arrive too early.</summary>
    internal static TimeSpan WholeSeconds(TimeSpan delay) => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(delay.TotalSeconds, 0)));

    // Requests are small. With the default of 100 seconds, four tries on a network that drops packets would hide an outage for minutes.
    private static QueueClientOptions Options() => new() { Retry = { NetworkTimeout = TimeSpan.FromSeconds(20) } };

    private StorageRunDelivery Delivery(QueueMessage message, long asked)
    {
        QueueMessageClaim claim = new(_client, message, _term, _location, _timeProvider);
        return new StorageRunDelivery(
            Parse(message.Body.ToString()), (int)message.DequeueCount, claim, new HeldClaim(claim, asked, _timeProvider));
    }

    private static RunMessage? Parse(string text)
    {
        try
        {
            return RunMessage.TryParse(Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
