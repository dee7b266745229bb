namespace KapsoArchive.Sandbox;

/// <summary>What the sandbox serves, and how. The same options serve the same bytes for the same sequence of requests.</summary>
public sealed record SandboxOptions
{
    internal const int MostConversations = 1_000_000;
    internal const long MostMessages = 1_000_000_000;

    /// <summary>The only value of <c>X-API-Key</c> that is let in.</summary>
    public string ApiKey { get; init; } = "sandbox-key";

    /// <summary>How many conversations there are: 1 to 1,000,000.</summary>
    public int Conversations { get; init; } = 200;

    /// <summary>How many messages all conversations hold together: 0 to 1,000,000,000.</summary>
    public long Messages { get; init; } = 20_000;

    /// <summary>Another seed is another world: other ids, texts, times and lengths.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The order in which messages are listed.</summary>
    public SandboxOrder Order { get; init; } = SandboxOrder.NewestFirst;

    /// <summary>Requests per key and <see cref="Window"/>. 0: no limit, and no rate headers either.</summary>
    public int RateLimit { get; init; }

    /// <summary>The length of the fixed rate window, which begins at multiples of it on the server's clock (UTC).</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where to listen, such as <c>http://127.0.0.1:5080</c>. Null: a free port of 127.0.0.1.</summary>
    public Uri? Url { get; init; }

    /// <summary>Whether the first conversation holds exactly the records of <see cref="SandboxSamples"/>. They count as messages.</summary>
    public bool IncludeSamples { get; init; } = true;

    /// <summary>The limits of the first windows; the last of them stays. Null: <see cref="RateLimit"/> in all.</summary>
    public IReadOnlyList<int>? RateLimits { get; init; }

    /// <summary>The requests that another client of the same key makes in each window, evenly over its length.</summary>
    public int CompetingRequestsPerWindow { get; init; }

    /// <summary>What goes wrong from the start.</summary>
    public SandboxFaults Faults { get; init; } = SandboxFaults.None;

    /// <summary>How every conversation moves that is read, if it has <see cref="SandboxListings.MostMessages"/> or fewer; null for not at all.</summary>
    public SandboxMovement? Movement { get; init; }

    /// <summary>In what ways every listing of messages is odd.</summary>
    public SandboxOddities Oddities { get; init; } = SandboxOddities.None;

    /// <summary>The share of generated messages (0 to 1) whose record is malformed for good: not an object, or without an id. They count as messages.</summary>
    public double MalformedShare { get; init; }

    /// <summary>How many generated messages in a row share their created_at: 1 for no ties, up to 1,000.</summary>
    public int TiesOf { get; init; } = 1;

    internal SandboxRate Rate => new() { Limit = RateLimit, Limits = RateLimits, CompetingRequestsPerWindow = CompetingRequestsPerWindow };

    /// <summary>The first option that is out of its bounds, in a sentence that says what to do; null where all are fine.</summary>
    internal string? FindProblem()
    {
        if (ApiKey.Length == 0 || !ApiKey.All(c => c is > ' ' and < '\x7f'))
            return "ApiKey must be one or more visible ASCII characters without spaces, because it travels in a header.";
        if (Conversations is < 1 or > MostConversations) return $"Conversations must be from 1 to {MostConversations}; it is {Conversations}.";
        if (Messages is < 0 or > MostMessages) return $"Messages must be from 0 to {MostMessages}; it is {Messages}.";
        if (!Enum.IsDefined(Order)) return $"Order must be NewestFirst, OldestFirst or Unordered; it is {Order}.";
        if (RateLimit < 0) return $"RateLimit must be 0 (no limit) or more; it is {RateLimit}.";
        if (Window < TimeSpan.FromMilliseconds(1) || Window > TimeSpan.FromDays(1)) return $"Window must be from one millisecond to one day; it is {Window}.";
        if (Url is not (null or { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/" }))
            return $"Url must look like http://127.0.0.1:5080, without a path; it is {Url}.";
        if (MalformedShare is not (>= 0 and <= 1)) return $"MalformedShare must be from 0 to 1; it is {MalformedShare}.";
        if (TiesOf is < 1 or > 1_000) return $"TiesOf must be from 1 to 1000; it is {TiesOf}.";
        return Rate.FindProblem() ?? Faults.FindProblem() ?? Movement?.FindProblem() ?? Oddities.FindProblem()
            ?? (IncludeSamples ? FindProblemWithSamples() : null);
    }

    private string? FindProblemWithSamples()
    {
        int samples = SandboxSamples.Records.Count;
        bool roomForTheRest = Conversations > 1 ? Messages >= samples : Messages == samples;
        return roomForTheRest
            ? null
            : $"The first conversation holds the {samples} sample records and nothing else; with {Messages} messages in {Conversations} conversation(s) " +
              "that does not add up. Ask for more of either, or leave the samples out (IncludeSamples, --samples false).";
    }
}
