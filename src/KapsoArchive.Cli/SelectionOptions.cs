using System.CommandLine;

namespace KapsoArchive.Cli;

/// <summary>The options that <c>run</c> and <c>export</c> share: conversations, destination and formats.</summary>
/// <param name="formats">The available formats, for the help text.</param>
/// <param name="conversation">How to name a conversation, for the help text.</param>
internal sealed class SelectionOptions(string formats, string conversation = "A conversation's id.")
{
    private readonly Option<string[]> _conversation = new("--conversation")
    { Description = $"{conversation} Repeat it for more conversations.", HelpName = "ID" };

    private readonly Option<string> _conversations = new("--conversations")
    {
        Description = "A file with one conversation id per line, or \"all\". [Archive:Conversations]",
        HelpName = "FILE|all",
    };

    private readonly Option<string> _destination = new("--out")
    {
        Description = "A folder, or the https URL of a blob container, accessed with the signed-in identity. [Archive:Destination]",
        HelpName = "DIR|URL",
    };

    private readonly Option<string> _format = new("--format") { Description = formats, HelpName = "LIST" };

    private readonly Option<bool> _json = new("--json")
    { Description = "Prints the manifest, or the error, as one JSON document on stdout." };

    private readonly Option<bool> _quiet = Quiet();

    /// <summary>For schedulers such as cron that mail all output.</summary>
    public static Option<bool> Quiet() =>
        new("--quiet") { Description = "Prints nothing if all is well: only warnings, errors, and what --json asks for." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_conversation, _conversations, _destination, _format, _json, _quiet])
            command.Add(option);
    }

    public RunArguments Read(ParseResult parsed) => new(
        parsed.GetValue(_conversation) ?? [],
        parsed.GetValue(_conversations),
        parsed.GetValue(_destination),
        parsed.GetValue(_format),
        Full: false,
        parsed.GetValue(_json),
        parsed.GetValue(_quiet));
}
