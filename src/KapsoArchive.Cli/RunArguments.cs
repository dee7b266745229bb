namespace KapsoArchive.Cli;

/// <summary>The command line of <c>run</c> or <c>export</c>. If a value is null, the setting applies.</summary>
internal sealed record RunArguments(
    IReadOnlyList<string> Conversation, string? Conversations, string? Destination, string? Format, bool Full, bool Json, bool Quiet)
{
    /// <summary>The command: <c>run</c> or <c>export</c>.</summary>
    public RunKind Kind { get; init; } = RunKind.Archive;

    /// <summary>For an export: the start of the time range, as typed.</summary>
    public string? From { get; init; }

    /// <summary>For an export: the end of the time range, as typed.</summary>
    public string? To { get; init; }

    /// <summary>For an export: which messages, and from where.</summary>
    public ExportChoice Choice { get; init; } = new();

    /// <summary>For an export: the contact, as typed; null for any.</summary>
    public string? Contact { get; init; }

    /// <summary>For an export: whether to make one zip of its files.</summary>
    public bool Zip { get; init; }

    /// <summary>For an export: the time zone of its HTML documents, as typed.</summary>
    public string? TimeZone { get; init; }

    /// <summary>For a run: conversations whose missing messages the user confirms as removed.</summary>
    public IReadOnlyList<string> AcceptedRemovals { get; init; } = [];

    /// <summary>For a run: whether to break a lock, after confirmation.</summary>
    public bool BreakLock { get; init; }

    /// <summary>The settings that the arguments override.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Overrides() => CliSettings.Destination(Destination);

    /// <exception cref="SettingException">An argument is wrong, or two contradict each other.</exception>
    public RunRequest ToRequest(ArchiveOptions options) => new()
    {
        Conversations = Selection(options),
        Kind = Kind,
        Range = TimeRange.Parse(From, "--from", To, "--to"),
        Formats = Format is not null ? Formats.Parse(Format, "--format", Kind)
            : Formats.Parse(options.Formats, "Archive:Formats (environment Archive__Formats)", Kind),
        Trigger = "cli",
        Full = Full,
        IsNightly = Kind == RunKind.Archive && Conversation.Count == 0 && (Conversations is null || NamesAll(Conversations)),
        Choice = Choice is { Source: ExportSource.Kapso, AllVersions: true }
            ? throw new SettingException("--versions all needs the archive, which alone has earlier versions. Leave out --source kapso.")
            : Choice,
        Zip = Zip,
        TimeZone = CliSettings.Zone(TimeZone) is { IsUtc: false } zone ? zone.Name : null,
        AcceptedRemovals = AcceptedRemovals.Count == 0
            ? []
            : ConversationSelection.Listed(AcceptedRemovals.Select(id => (id, "--accept-removals")), "--accept-removals").Ids!,
    };

    private ConversationSelection Selection(ArchiveOptions options)
    {
        if (Conversation.Count > 0 && Conversations is not null)
            throw new SettingException("--conversation and --conversations are both given. Keep one.");
        if (Contact is not null)
            return ConversationSelection.All;
        if (Conversation.Count > 0)
            return ConversationSelection.Listed(Conversation.Select(id => (id, "--conversation")), "--conversation");
        if (Conversations is not null)
        {
            return NamesAll(Conversations)
                ? ConversationSelection.All
                : ConversationSelection.FromFile(Conversations, "--conversations", ReadFile("--conversations"));
        }

        if (string.IsNullOrWhiteSpace(options.Conversations))
            throw new SettingException("No conversation is named. Give --conversations all, --conversations FILE, --conversation ID, or " +
                "set Archive:Conversations (environment Archive__Conversations).");
        const string Setting = "Archive:Conversations (environment Archive__Conversations)";
        return ConversationSelection.Parse(options.Conversations, Setting, ReadFile(Setting));
    }

    private static bool NamesAll(string conversations) => conversations.Equals("all", StringComparison.OrdinalIgnoreCase);

    private static Func<string, string> ReadFile(string setting) => file =>
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingException(
                $"{setting}: the file {file} cannot be read: {e.Message} Give a file with one conversation id per line, or \"all\".", e);
        }
    };
}
