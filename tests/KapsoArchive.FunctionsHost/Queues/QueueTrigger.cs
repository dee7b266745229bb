using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.FunctionsHost.Protocol;

namespace KapsoArchive.FunctionsHost.Queues;

/// <summary>A function that a queue's messages trigger.</summary>
internal sealed class QueueTrigger
{
    private const string PoisonSuffix = "-poison";

    private readonly FunctionDeclaration _function;
    private readonly HostFile _settings;
    private readonly Invoker _invoker;
    private readonly Waits _waits;
    private readonly string _parameter;
    private readonly QueueClient _queue;
    private readonly QueueClient? _poison;
    private readonly ConcurrentDictionary<string, MessageLease> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Delivery> _deliveries = new();
    private volatile bool _isDead;

    public QueueTrigger(FunctionDeclaration function, JsonElement binding, HostFile settings, AppSettings appSettings, Invoker invoker, Waits waits)
    {
        (_function, _settings, _invoker, _waits) = (function, settings, invoker, waits);
        _parameter = FunctionDeclaration.Text(binding, "name")!;
        string name = appSettings.Resolve(FunctionDeclaration.Text(binding, "queueName")!) ?? throw new InvalidOperationException($"The queue of {function.Name} does not resolve to a name.");
        string connection = appSettings.Connection(FunctionDeclaration.Text(binding, "connection"));
        _queue = new QueueClient(connection, name);
        _poison = name.EndsWith(PoisonSuffix, StringComparison.Ordinal) ? null : new QueueClient(connection, name + PoisonSuffix);
    }

    public IReadOnlyCollection<Delivery> Deliveries => _deliveries;

    /// <summary>Receives messages, as many as <paramref name="atMost"/>, and leases them. Those that arrive after the stop are let go, so that
    /// none is hidden without a holder.</summary>
    /// <returns>The deliveries, which have begun.</returns>
    public async Task<IReadOnlyList<Task>> ReceiveAsync(int atMost, CancellationToken stopping)
    {
        try
        {
            QueueMessage[] messages = await _queue.ReceiveMessagesAsync(atMost, MessageLease.Length, CancellationToken.None);
            if (stopping.IsCancellationRequested)
            {
                foreach (QueueMessage message in messages)
                    await _queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: CancellationToken.None);
                return [];
            }

            return [.. messages.Select(m => Task.Run(() => DeliverAsync(m), CancellationToken.None))];
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
    }

    /// <summary>The host died: it renews no lease and completes no message.</summary>
    public void Die() => _isDead = true;

    /// <summary>Makes the messages that a dead host held visible, as the end of their leases would.</summary>
    public async Task EndLeasesAsync(CancellationToken cancellationToken)
    {
        foreach ((string id, MessageLease lease) in _held)
        {
            await lease.EndAsync(TimeSpan.Zero, cancellationToken);
            _held.TryRemove(id, out _);
        }
    }

    private async Task DeliverAsync(QueueMessage message)
    {
        await using var lease = new MessageLease(_queue, message);
        _held[message.MessageId] = lease;
        if (!TryDecode(message, out string text) || message.DequeueCount > _settings.MaxDequeueCount)
        {
            await PoisonAsync(message, lease, text, error: null);
            return;
        }

        InvocationOutcome outcome = await _invoker.InvokeOnceAsync(_function, Guid.NewGuid().ToString(), Input(text), Metadata(message, text));
        if (_isDead)
            Note(message, text, DeliveryResult.Hidden, outcome.Error);
        else if (outcome.Succeeded)
            await EndAsync(message, lease, text, DeliveryResult.Done, error: null);
        else if (message.DequeueCount >= _settings.MaxDequeueCount)
            await PoisonAsync(message, lease, text, outcome.Error);
        else if (_poison is null)
            Note(message, text, DeliveryResult.Hidden, outcome.Error);
        else
            await ReleaseAsync(message, lease, text, outcome.Error);
    }

    /// <summary>"visibilityTimeout in host.json is only the pause between retries".</summary>
    private async Task ReleaseAsync(QueueMessage message, MessageLease lease, string text, string? error)
    {
        await lease.EndAsync(_waits.Cut(WaitKind.Redelivery, _settings.VisibilityTimeout), CancellationToken.None);
        _held.TryRemove(message.MessageId, out _);
        Note(message, text, DeliveryResult.Again, error);
    }

    /// <summary>A poison queue has none of its own: its messages stay hidden until their lease ends.</summary>
    private async Task PoisonAsync(QueueMessage message, MessageLease lease, string text, string? error)
    {
        if (_poison is null)
        {
            Note(message, text, DeliveryResult.Hidden, error);
            return;
        }

        await _poison.CreateIfNotExistsAsync();
        await _poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1));
        await EndAsync(message, lease, text, DeliveryResult.Poisoned, error);
    }

    private async Task EndAsync(QueueMessage message, MessageLease lease, string text, DeliveryResult result, string? error)
    {
        await lease.DeleteAsync();
        _held.TryRemove(message.MessageId, out _);
        Note(message, text, result, error);
    }

    private void Note(QueueMessage message, string text, DeliveryResult result, string? error) =>
        _deliveries.Enqueue(new Delivery(_function.Name, message.MessageId, text, message.DequeueCount, result, error));

    private bool TryDecode(QueueMessage message, out string text)
    {
        text = message.Body.ToString();
        if (!_settings.IsBase64)
            return true;
        try
        {
            text = Encoding.UTF8.GetString(Convert.FromBase64String(text));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // "A queue message bound to a string travels as TypedData.string, already decoded from base64"
    private ParameterBinding Input(string text) => new() { Name = _parameter, Data = new TypedData { String = text } };

    // "numbers in trigger_metadata as JSON (TypedData.int is rejected there)"
    private static Dictionary<string, TypedData> Metadata(QueueMessage message, string text) => new(StringComparer.Ordinal)
    {
        ["QueueTrigger"] = new TypedData { String = text },
        ["Id"] = new TypedData { String = message.MessageId },
        ["PopReceipt"] = new TypedData { String = message.PopReceipt },
        ["DequeueCount"] = new TypedData { Json = message.DequeueCount.ToString(CultureInfo.InvariantCulture) },
    };
}
