namespace KapsoArchive.Sandbox;

/// <summary>What the sandbox serves, and how. The same options always serve the same bytes.</summary>
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
        return IncludeSamples ? FindProblemWithSamples() : null;
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
