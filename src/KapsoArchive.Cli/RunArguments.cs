using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Cli;

/// <summary>What stands on the command line of <c>run</c> or <c>export</c>. Null: the setting decides.</summary>
internal sealed record RunArguments(IReadOnlyList<string> Conversation, string? Conversations, string? Destination, string? Format, bool Full, bool Json, bool Quiet)
{
    /// <summary>What is to be done: <c>run</c> or <c>export</c>.</summary>
    public RunKind Kind { get; init; } = RunKind.Archive;

    /// <summary>Of an export: from when on, as it was written.</summary>
    public string? From { get; init; }

    /// <summary>Of an export: until when, as it was written.</summary>
    public string? To { get; init; }

    /// <summary>Of a run: the conversations of which a person says that what is missing was removed.</summary>
    public IReadOnlyList<string> AcceptedRemovals { get; init; } = [];

    /// <summary>Of a run: whether a lock is taken from its holder, after asking.</summary>
    public bool BreakLock { get; init; }

    /// <summary>The settings that these override.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Overrides() => CliSettings.Destination(Destination);

    public RunRequest ToRequest(ArchiveOptions options) => new()
    {
        Conversations = Selection(options),
        Kind = Kind,
        Range = TimeRange.Parse(From, "--from", To, "--to"),
        Formats = Format is not null ? Formats.Parse(Format, "--format", Kind) : Formats.Parse(options.Formats, "Archive:Formats (environment Archive__Formats)", Kind),
        Trigger = "cli",
        Full = Full,
        AcceptedRemovals = AcceptedRemovals.Count == 0
            ? []
            : ConversationSelection.Listed(AcceptedRemovals.Select(id => (id, "--accept-removals")), "--accept-removals").Ids!,
    };

    private ConversationSelection Selection(ArchiveOptions options)
    {
        if (Conversation.Count > 0 && Conversations is not null)
            throw new SettingException("--conversation and --conversations are both given. Keep one.");
        if (Conversation.Count > 0)
            return ConversationSelection.Listed(Conversation.Select(id => (id, "--conversation")), "--conversation");
        if (Conversations is not null)
        {
            return Conversations.Equals("all", StringComparison.OrdinalIgnoreCase)
                ? ConversationSelection.All
                : ConversationSelection.FromFile(Conversations, "--conversations", ReadFile("--conversations"));
        }

        if (string.IsNullOrWhiteSpace(options.Conversations))
            throw new SettingException("No conversation is named. Give --conversations all, --conversations FILE, --conversation ID, or set Archive:Conversations (environment Archive__Conversations).");
        const string Setting = "Archive:Conversations (environment Archive__Conversations)";
        return ConversationSelection.Parse(options.Conversations, Setting, ReadFile(Setting));
    }

    private static Func<string, string> ReadFile(string setting) => file =>
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingException($"{setting}: the file {file} cannot be read: {e.Message} Give a file with one conversation id a line, or \"all\".", e);
        }
    };
}
