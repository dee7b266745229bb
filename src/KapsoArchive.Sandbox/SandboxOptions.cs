namespace KapsoArchive.Sandbox;

/// <summary>The sandbox's options. The same options and the same sequence of requests give the same bytes.</summary>
public sealed record SandboxOptions
{
    internal const int MostConversations = 1_000_000;
    internal const long MostMessages = 1_000_000_000;

    /// <summary>The only accepted value of <c>X-API-Key</c>.</summary>
    public string ApiKey { get; init; } = "sandbox-key";

    /// <summary>The number of conversations: 1 to 1,000,000.</summary>
    public int Conversations { get; init; } = 200;

    /// <summary>The total number of messages: 0 to 1,000,000,000.</summary>
    public long Messages { get; init; } = 20_000;

    /// <summary>The seed of all ids, texts, times and lengths.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The order in which messages are listed.</summary>
    public SandboxOrder Order { get; init; } = SandboxOrder.NewestFirst;

    /// <summary>Requests per key and <see cref="Window"/>. 0 disables the limit and its headers.</summary>
    public int RateLimit { get; init; }

    /// <summary>The length of the fixed rate window, which starts at multiples of this length on the server's clock (UTC).</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The address to listen on, such as <c>http://127.0.0.1:5080</c>. Null selects a free port of 127.0.0.1.</summary>
    public Uri? Url { get; init; }

    /// <summary>Whether the first conversation consists of the records of <see cref="SandboxSamples"/>. They count as messages.</summary>
    public bool IncludeSamples { get; init; } = true;

    /// <summary>The limits of the first windows; the last one then remains in force. Null applies <see cref="RateLimit"/> to all.</summary>
    public IReadOnlyList<int>? RateLimits { get; init; }

    /// <summary>The requests that another client of the same key makes in each window, evenly distributed.</summary>
    public int CompetingRequestsPerWindow { get; init; }

    /// <summary>The initial faults.</summary>
    public SandboxFaults Faults { get; init; } = SandboxFaults.None;

    /// <summary>The random movement of all conversations that are read and have at most <see cref="SandboxListings.MostMessages"/>; null
    /// disables it.</summary>
    public SandboxMovement? Movement { get; init; }

    /// <summary>The oddities of every listing of messages.</summary>
    public SandboxOddities Oddities { get; init; } = SandboxOddities.None;

    /// <summary>The share of generated messages (0 to 1) whose record is permanently malformed: not an object, or without an id. They count
    /// as messages.</summary>
    public double MalformedShare { get; init; }

    /// <summary>The number of consecutive generated messages that share a created_at: 1 (no ties) to 1,000.</summary>
    public int TiesOf { get; init; } = 1;

    /// <summary>The files behind the records' links; null leaves the links to a host that nobody serves.</summary>
    public SandboxMedia? Media { get; init; }

    internal SandboxRate Rate => new() { Limit = RateLimit, Limits = RateLimits, CompetingRequestsPerWindow = CompetingRequestsPerWindow };

    /// <summary>Describes the first option that is out of range and how to correct it; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (ApiKey.Length == 0 || !ApiKey.All(c => c is > ' ' and < '\x7f'))
            return "ApiKey must be one or more visible ASCII characters without spaces, because it travels in a header.";
        if (Conversations is < 1 or > MostConversations)
            return $"Conversations must be from 1 to {MostConversations}; it is {Conversations}.";
        if (Messages is < 0 or > MostMessages) return $"Messages must be from 0 to {MostMessages}; it is {Messages}.";
        if (!Enum.IsDefined(Order)) return $"Order must be NewestFirst, OldestFirst or Unordered; it is {Order}.";
        if (RateLimit < 0) return $"RateLimit must be 0 (no limit) or more; it is {RateLimit}.";
        if (Window < TimeSpan.FromMilliseconds(1) || Window > TimeSpan.FromDays(1))
            return $"Window must be from one millisecond to one day; it is {Window}.";
        if (Url is not (null or { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/" }))
            return $"Url must look like http://127.0.0.1:5080, without a path; it is {Url}.";
        if (MalformedShare is not (>= 0 and <= 1)) return $"MalformedShare must be from 0 to 1; it is {MalformedShare}.";
        if (TiesOf is < 1 or > 1_000) return $"TiesOf must be from 1 to 1000; it is {TiesOf}.";
        return Rate.FindProblem() ?? Faults.FindProblem() ?? Movement?.FindProblem() ?? Oddities.FindProblem()
            ?? Media?.FindProblem()
            ?? (IncludeSamples ? FindProblemWithSamples() : null);
    }

    private string? FindProblemWithSamples()
    {
        int samples = SandboxSamples.Records.Count;
        bool roomForTheRest = Conversations > 1 ? Messages >= samples : Messages == samples;
        return roomForTheRest
            ? null
            : $"The first conversation holds the {samples} sample records and nothing else; with {Messages} messages in {Conversations} " +
                "conversation(s) that is not possible. Ask for more of either, or leave the samples out (IncludeSamples, --samples " +
                "false).";
    }
}
