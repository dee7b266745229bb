namespace KapsoArchive.FunctionsHost;

/// <summary>What a stand-in is started with.</summary>
public sealed record HostOptions
{
    /// <summary>The published function app.</summary>
    public required string Folder { get; init; }

    /// <summary>The application settings. The worker gets them as environment variables; <c>%NAME%</c> in a binding is one of
    /// them.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The home folder of the worker's user.</summary>
    public required string Home { get; init; }

    /// <summary>Whether queues are polled. If not, <see cref="StandInHost.DeliverAsync"/> delivers what is in them.</summary>
    public bool ListensToQueues { get; init; } = true;

    /// <summary>Whether the timers that want so fire at the start.</summary>
    public bool FiresStartupTimers { get; init; } = true;

    /// <summary>The host waits at most this long between polls, tries and deliveries. <see cref="StandInHost.Waits"/> records how long
    /// the published app asked for.</summary>
    public TimeSpan LongestWait { get; init; } = Timeout.InfiniteTimeSpan;
}
