namespace KapsoArchive.FunctionsHost.Queues;

/// <summary>One delivery of a queue message to a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="MessageId">The message's id in the queue.</param>
/// <param name="Text">The message, decoded.</param>
/// <param name="DequeueCount">How many times the message was received; the first is 1.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Error">The function's error; null if it succeeded or was not run.</param>
public sealed record Delivery(string Function, string MessageId, string Text, long DequeueCount, DeliveryResult Result, string? Error);
