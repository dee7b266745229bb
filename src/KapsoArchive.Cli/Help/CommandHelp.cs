using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace KapsoArchive.Cli.Help;

/// <summary>Adds examples, exit codes and the page of the documentation to the help of a command.</summary>
internal sealed class CommandHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Page = "docs/command-line.md";

    /// <summary>What the help of each command adds.</summary>
    private static readonly Dictionary<string, CommandExamples> All = new(StringComparer.Ordinal)
    {
        ["demo"] = new("no-key-yet", [ExitCode.Complete], "demo", "demo --out ./try-it"),
        ["run"] = new(
            "archive-run", CommandExamples.CodesOfRuns,
            "run --conversations all --out ./lake",
            "run --conversations ids.txt --out https://ACCOUNT.blob.core.windows.net/CONTAINER --json"),
        ["export"] = new(
            "one-customers-conversation-now-export", CommandExamples.CodesOfRuns,
            "export --contact \"+52 1 555 000 1122\" --versions all --format html --out ./lake",
            "export --conversations all --from 2026-03-01 --to 2026-04-01 --format csv --out ./lake"),
        ["status"] = new(
            "how-it-stands-status", [ExitCode.Complete, ExitCode.Overdue], "status --lake ./lake", "status --run 20261122 --lake ./lake",
            "status --max-age 26h --quiet --lake ./lake"),
        ["report"] = new("what-a-run-did-for-the-file-report", [ExitCode.Complete], "report --lake ./lake", "report --lake ./lake --out -"),
        ["conversations"] = new(
            "whose-conversation-conversations", [ExitCode.Complete],
            "conversations \"ana perez\" --lake ./lake", "conversations --outcome incomplete --sort messages --lake ./lake"),
        ["media"] = new(
            "files-that-are-missing-media", [ExitCode.Complete, ExitCode.Locked], "media --lake ./lake", "media --retry --lake ./lake"),
        ["show"] = new(
            "a-conversation-in-the-terminal-show", [ExitCode.Complete],
            "show \"+52 1 555 000 1122\" --lake ./lake", "show \"ana perez\" --search invoice --from 2026-03-01 --lake ./lake"),
        ["verify"] = new(
            "whether-it-is-sound-verify", [ExitCode.Complete, ExitCode.NotSound, ExitCode.Locked],
            "verify --lake ./lake", "verify --lake ./lake --export 20261122"),
        ["backup"] = new(
            "a-copy-elsewhere-backup-and-restore", [ExitCode.Complete, ExitCode.NotSound, ExitCode.Locked],
            "backup --lake ./lake --to /mnt/copy/lake",
            "backup --lake https://ACCOUNT.blob.core.windows.net/CONTAINER --to ./copy"),
        ["restore"] = new("a-copy-elsewhere-backup-and-restore", [ExitCode.Complete, ExitCode.Locked], "restore --lake /mnt/copy/lake"),
        ["find"] = new(
            "words-and-people-find", [ExitCode.Complete],
            "find invoice --lake ./lake", "find \"+52 1 555 000 1122\" --in conversations --lake ./lake"),
        ["query"] = new(
            "sql-query", [ExitCode.Complete],
            "query \"SELECT direction, count(*) FROM messages_current GROUP BY ALL\" --lake ./lake"),
        ["views"] = new("sql-for-other-engines-views", [ExitCode.Complete], "views --engine duckdb --lake ./lake"),
        ["serve"] = new(
            "serve-serve", [ExitCode.Complete, ExitCode.Locked], "serve --out ./lake", "serve --out ./lake --urls http://127.0.0.1:8080"),
        ["mcp"] = new("for-agents-mcp", [ExitCode.Complete], "mcp --lake ./lake"),
        ["completion"] = new(
            "completion", [ExitCode.Complete], "completion bash >> ~/.bashrc", "completion pwsh >> $PROFILE"),
    };

    public override bool ClearsParseErrors => true;

    /// <summary>Adds it to the help of every command.</summary>
    public static RootCommand AddTo(RootCommand root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new CommandHelp((HelpAction)help.Action!);
        return root;
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (!All.TryGetValue(parseResult.CommandResult.Command.Name, out CommandExamples? more))
        {
            output.WriteLine($"Try it: kapso-archive demo. Examples: kapso-archive COMMAND --help. All of it: {Page}");
            return code;
        }

        output.WriteLine("Examples:");
        foreach (string example in more.Examples)
            output.WriteLine($"  kapso-archive {example}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        int[] always = [ExitCode.Unexpected, ExitCode.BadSetting, ExitCode.Interrupted];
        foreach (int exitCode in more.Codes.Concat(always).Order())
            output.WriteLine($"  {exitCode,-5}{ExitCode.MeaningOf(exitCode)}");
        output.WriteLine();
        output.WriteLine($"More: {Page}#{more.Anchor}");
        return code;
    }
}
