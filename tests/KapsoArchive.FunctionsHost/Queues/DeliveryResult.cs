namespace KapsoArchive.FunctionsHost.Queues;

/// <summary>What became of a message after a delivery.</summary>
public enum DeliveryResult
{
    /// <summary>The function succeeded, and the message was deleted.</summary>
    Done,

    /// <summary>The function failed; the message is visible again after the pause that host.json asks for.</summary>
    Again,

    /// <summary>The message was moved to the poison queue.</summary>
    Poisoned,

    /// <summary>The function failed or the host died, and the message stays hidden until its lease ends.</summary>
    Hidden,
}
