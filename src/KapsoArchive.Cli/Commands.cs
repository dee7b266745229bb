using System.CommandLine;
using KapsoArchive.Cli.Help;
using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Search;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Query;

namespace KapsoArchive.Cli;

/// <summary>The program's commands and options.</summary>
internal static class Commands
{
    public static RootCommand Root() =>
        CommandHelp.AddTo(new RootCommand(
            "Archives the WhatsApp conversations of a business from Kapso, as Parquet and JSONL files for data lakes.")
    {
        Demo(),
        Run(),
        Export(),
        Status(),
        Report(),
        Conversations(),
        Media(),
        Show(),
        Find(),
        Query(),
        Verify(),
        Backup(),
        Restore(),
        Views(),
        Serve(),
        Mcp(),
        CompletionCommand.Create(),
    });

    private static Command Demo()
    {
        Option<string> folder = new("--out")
        {
            Description = "The folder to write to.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "kapso-archive-demo",
        };
        Option<bool> quiet = SelectionOptions.Quiet();
        Command command = new("demo", "Shows what the program does: archives invented conversations from a sandbox API in this process. " +
            "Needs no key and no Azure.") { folder, quiet };
        command.SetAction((parsed, cancellationToken) =>
            DemoCommand.ExecuteAsync(parsed.GetRequiredValue(folder), parsed.GetValue(quiet), cancellationToken));
        return command;
    }

    private static Command Run()
    {
        var what = new SelectionOptions("parquet, jsonl or parquet,jsonl. [Archive:Formats]");
        Option<bool> full = new("--full")
        {
            Description = "Reads every conversation completely, even if the newest messages and the count prove that nothing else has " +
            "changed."
        };
        Option<string[]> removals = new("--accept-removals")
        {
            Description = "Confirms that the messages of this conversation that Kapso no longer lists were deleted, although they are " +
                "many. Repeat it for more conversations.",
            HelpName = "ID",
        };
        Option<bool> breakLock = BreakLock();
        Command command = new("run", "Archives what is new since the last run. Takes the API key from the environment variable " +
            "Kapso__ApiKey.")
            { full, removals, breakLock };
        what.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunCommand.ExecuteAsync(
            what.Read(parsed) with
            {
                Full = parsed.GetValue(full),
                AcceptedRemovals = parsed.GetValue(removals) ?? [],
                BreakLock = parsed.GetValue(breakLock)
            }, cancellationToken));
        return command;
    }

    private static Command Export()
    {
        var what = new SelectionOptions("parquet, jsonl, csv, xlsx (a workbook), html (to read in a browser), or several, separated by " +
            "commas. [Archive:Formats]", "A conversation's id; if the archive has it, also the beginning of the id, a name or a number.");
        Option<string> from = new("--from")
        { Description = "Only messages created at this time or later: 2026-03-01, or 2026-03-01T00:00:00Z.", HelpName = "TIME" };
        Option<string> to = new("--to") { Description = "Only messages created before this time.", HelpName = "TIME" };
        Option<string> contact = new("--contact")
        { Description = "All conversations of one contact: a name, a number in any spelling, a user name or an id.", HelpName = "TEXT" };
        Option<string[]> direction = new("--direction")
        { Description = "Only what came in, or what went out.", HelpName = "DIRECTION" };
        direction.AcceptOnlyFromAmong([.. ExportChoice.KnownDirections]);
        Option<string[]> type = new("--type")
        { Description = "Only messages of this type: text, image, … Repeat it for more types.", HelpName = "TYPE" };
        type.Validators.Add(result =>
        {
            foreach (string typed in result.Tokens.Select(t => t.Value))
            {
                if (ExportChoice.ObjectionToType(typed) is { } objection)
                    result.AddError($"--type {typed}: {objection}");
            }
        });
        Option<string> source = new("--source")
        {
            Description = "archive: what the archive has, without a key or a request; kapso: what Kapso has now; both. If Kapso cannot " +
                "be asked, both is the archive alone.",
            HelpName = "SOURCE",
            DefaultValueFactory = _ => "both",
        };
        source.AcceptOnlyFromAmong("both", "archive", "kapso");
        Option<string> versions = new("--versions")
        {
            Description = "present: each message as it is now; all: also what was edited and removed, as far as the archive has it.",
            HelpName = "VERSIONS",
            DefaultValueFactory = _ => "present",
        };
        versions.AcceptOnlyFromAmong("present", "all");
        Option<string> zone = TimeZone("the times in HTML documents");
        Option<bool> zip = new("--zip")
        { Description = "Makes one zip of the files too, with readable names and the hash of each file: to hand on." };
        Option<string> media = new("--media")
        {
            Description = "all: also the files behind the messages; none: leaves them out.",
            HelpName = "MEDIA",
            DefaultValueFactory = _ => "all",
        };
        media.AcceptOnlyFromAmong("all", "none");
        Command command = new("export", "Exports conversations to a separate folder, now: what the archive has, and what Kapso has " +
            "besides. Does not change the archive. Takes the API key from the environment variable Kapso__ApiKey.")
        {
            contact, from, to, direction, type, source, versions, media, zip, zone,
        };
        what.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunCommand.ExecuteAsync(
            what.Read(parsed) with
            {
                Kind = RunKind.Export,
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                Contact = parsed.GetValue(contact),
                Zip = parsed.GetValue(zip),
                Choice = new ExportChoice
                {
                    Source = Enum.Parse<ExportSource>(parsed.GetRequiredValue(source), ignoreCase: true),
                    AllVersions = parsed.GetValue(versions) == "all",
                    WithoutMedia = parsed.GetValue(media) == "none",
                    Directions = Several(parsed.GetValue(direction)),
                    Types = Several(parsed.GetValue(type)),
                },
                TimeZone = parsed.GetValue(zone),
            }, cancellationToken));
        return command;
    }

    private static string[]? Several(string[]? values) => values is { Length: > 0 } ? [.. values.Distinct()] : null;

    private static Option<string> TimeZone(string what) =>
        new("--time-zone") { Description = $"The time zone of {what}, such as America/Lima. UTC by default.", HelpName = "ZONE" };

    private static Command Serve()
    {
        Option<string> urls = new("--urls")
        {
            Description = "The address to listen on; http://127.0.0.1:5081 by default. An address for other machines needs API keys. " +
            "[Api:Keys]",
            HelpName = "URL"
        };
        Option<string> destination = Lake("--out", "--lake");
        Command command = new("serve", "Serves the HTTP API, archives every night [ArchiveSchedule], and carries out exports, until it " +
            "is stopped. Takes the API key from the environment variable Kapso__ApiKey.") { urls, destination };
        command.SetAction((parsed, cancellationToken) =>
            ServeCommand.ExecuteAsync(parsed.GetValue(urls), parsed.GetValue(destination), cancellationToken));
        return command;
    }

    private static Command Mcp()
    {
        Option<string> lake = Lake("--lake");
        Command command = new("mcp", "Lets an agent read the archive by the Model Context Protocol, on stdin and stdout. The agent's " +
            "client starts it. Only reads. Needs no key.") { lake };
        Func<ParseResult, CacheOptions> cache = CacheOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            McpCommand.ExecuteAsync(parsed.GetValue(lake), cache(parsed), cancellationToken));
        return command;
    }

    private static Command Status()
    {
        Option<string> run = new("--run") { Description = "Shows one run in detail: its id, or the beginning of it.", HelpName = "ID" };
        Option<bool> all = new("--all") { Description = "Lists all runs, not only the newest 20." };
        Option<string> destination = Lake();
        Option<string> maxAge = new("--max-age")
        {
            Description = "Fails with exit code 7 if the newest nightly run is older than this (26h, 90m, 2d), or not complete.",
            HelpName = "SPAN",
        };
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Option<bool> quiet = new("--quiet") { Description = "Prints nothing: the exit code says it all." };
        Command command = new("status", "Shows the state of the archive and its runs. Only reads, even while a run is under way. Needs " +
            "no key.") { run, all, maxAge, destination, json, quiet };
        command.SetAction((parsed, cancellationToken) => StatusCommand.ExecuteAsync(
            parsed.GetValue(run), parsed.GetValue(all), parsed.GetValue(maxAge), parsed.GetValue(destination), parsed.GetValue(json),
            parsed.GetValue(quiet), cancellationToken));
        return command;
    }

    private static Command Report()
    {
        Option<string> run = new("--run")
        { Description = "The run: its id, or the beginning of it. The newest by default.", HelpName = "ID" };
        Option<string> file = new("--out")
        { Description = "The file to write: kapso-archive-ID.html by default; - for stdout.", HelpName = "FILE" };
        Option<string> lake = Lake(alias: null);
        Command command = new("report", "Writes an HTML report on a run, to view, print or save: outcome, what is incomplete, counts, " +
            "files with hashes. Needs no key.") { run, file, lake };
        command.SetAction((parsed, cancellationToken) =>
            ReportCommand.ExecuteAsync(parsed.GetValue(run), parsed.GetValue(file), parsed.GetValue(lake), cancellationToken));
        return command;
    }

    private static Command Conversations()
    {
        Argument<string?> text = new("TEXT")
        {
            Description = "A name or the beginning of its words, a telephone number in any spelling, a user name, an id or its beginning.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> outcome = new("--outcome") { Description = "Only those whose last reading ended so.", HelpName = "OUTCOME" };
        outcome.AcceptOnlyFromAmong("complete", "incomplete", "gone", "failed");
        Option<string> sort = new("--sort")
        { Description = "By last message, name or number of messages.", HelpName = "ORDER", DefaultValueFactory = _ => "last" };
        sort.AcceptOnlyFromAmong("last", "name", "messages");
        Option<int> limit = new("--limit")
        { Description = "How many to list.", HelpName = "N", DefaultValueFactory = _ => ConversationsCommand.Limit };
        Option<string> lake = Lake();
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Command command = new("conversations", "Lists the conversations of the archive, or finds one by what you know of it. Needs no key.")
            { text, outcome, sort, limit, lake, json };
        command.SetAction((parsed, cancellationToken) => ConversationsCommand.ExecuteAsync(
            parsed.GetValue(text), parsed.GetValue(outcome), Enum.Parse<ConversationOrder>(parsed.GetRequiredValue(sort), ignoreCase: true),
            parsed.GetValue(limit), parsed.GetValue(lake), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Media()
    {
        Option<bool> retry = new("--retry")
        { Description = "Tries those that wait at once, with the settings of run, and lists what is still missing." };
        Option<int> limit = new("--limit")
        { Description = "How many to list.", HelpName = "N", DefaultValueFactory = _ => MediaCommand.Limit };
        Option<string> lake = Lake();
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Option<bool> quiet = SelectionOptions.Quiet();
        Command command = new("media", "Lists the files behind messages that the archive does not have: pictures, voices, documents.")
            { retry, limit, lake, json, quiet };
        command.SetAction((parsed, cancellationToken) => MediaCommand.ExecuteAsync(
            parsed.GetValue(retry), parsed.GetValue(limit), parsed.GetValue(lake), parsed.GetValue(json), parsed.GetValue(quiet),
            cancellationToken));
        return command;
    }

    private static Command Show()
    {
        Argument<string> conversation = new("CONVERSATION")
        {
            Description = "The conversation's id or its beginning, or the other party's name, user name or telephone number in any " +
                "spelling.",
        };
        Option<int> last = new("--last")
        {
            Description = "How many of the newest messages to print.",
            HelpName = "N",
            DefaultValueFactory = _ => ShowCommand.Last
        };
        Option<string> from = new("--from")
        { Description = "Only messages created at this time or later: 2026-03-01, or 2026-03-01T00:00:00Z.", HelpName = "TIME" };
        Option<string> to = new("--to") { Description = "Only messages created before this time.", HelpName = "TIME" };
        Option<string> direction = new("--direction") { Description = "Only what came in, or what went out.", HelpName = "DIRECTION" };
        direction.AcceptOnlyFromAmong([.. ExportChoice.KnownDirections]);
        Option<string[]> type = new("--type")
        { Description = "Only messages of this type, such as image. Repeat it for more types.", HelpName = "TYPE" };
        Option<string> search = new("--search")
        { Description = "Only messages with this text. Case and accents do not matter.", HelpName = "TEXT" };
        Option<string> zone = TimeZone("the printed times");
        Option<string> destination = Lake();
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Command command = new("show", "Prints the last messages of a conversation from the archive, not from Kapso. Needs no key.")
            { conversation, last, from, to, direction, type, search, zone, destination, json };
        command.SetAction((parsed, cancellationToken) => ShowCommand.ExecuteAsync(
            parsed.GetRequiredValue(conversation), parsed.GetValue(last),
            request => request with
            {
                Range = TimeRange.Parse(parsed.GetValue(from), "--from", parsed.GetValue(to), "--to"),
                Direction = parsed.GetValue(direction),
                Types = parsed.GetValue(type) ?? [],
                Text = parsed.GetValue(search),
            },
            parsed.GetValue(zone), parsed.GetValue(destination), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Find()
    {
        Argument<string> text = new("TEXT")
        {
            Description = "Words of a message; or a name, a telephone number in any spelling, a user name, an id or its beginning. Case " +
                "and accents do not matter.",
        };
        Option<string> area = new("--in") { Description = "Looks only for messages, or only for conversations.", HelpName = "AREA" };
        area.AcceptOnlyFromAmong("messages", "conversations");
        Option<string> from = new("--from")
        { Description = "Only messages created at this time or later: 2026-03-01, or 2026-03-01T00:00:00Z.", HelpName = "TIME" };
        Option<string> to = new("--to") { Description = "Only messages created before this time.", HelpName = "TIME" };
        Option<string> direction = new("--direction") { Description = "Only messages of this direction.", HelpName = "DIRECTION" };
        direction.AcceptOnlyFromAmong([.. ExportChoice.KnownDirections]);
        Option<string> type = new("--type") { Description = "Only messages of this type: text, image, template, …", HelpName = "TYPE" };
        Option<int> limit = new("--limit")
        {
            Description = "How many messages and how many conversations to print.",
            HelpName = "N",
            DefaultValueFactory = _ => FindCommand.Limit,
        };
        Option<string> lake = Lake("--lake");
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Command command = new("find", "Finds conversations and messages in the archive, by a name, a number, an id or words. Needs no key.")
            { text, area, from, to, direction, type, limit, lake, json };
        Func<ParseResult, CacheOptions> cache = CacheOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => FindCommand.ExecuteAsync(
            () => new MessageQuery(parsed.GetRequiredValue(text))
            {
                Range = TimeRange.Parse(parsed.GetValue(from), "--from", parsed.GetValue(to), "--to"),
                Direction = parsed.GetValue(direction),
                Type = parsed.GetValue(type),
            },
            parsed.GetValue(area) is { } where ? Enum.Parse<SearchArea>(where, ignoreCase: true) : null,
            parsed.GetValue(limit), parsed.GetValue(lake), cache(parsed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Query()
    {
        Argument<string> sql = new("SQL") { Description = "One SELECT over the views: \"SELECT * FROM messages_current\"; - for stdin." };
        Option<int> limit = new("--limit")
        { Description = "How many rows to print.", HelpName = "N", DefaultValueFactory = _ => new QueryLimits().Rows };
        Option<double> timeout = new("--timeout")
        {
            Description = "How long the query may take, in seconds.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => new QueryLimits().Timeout.TotalSeconds,
        };
        Option<string> lake = Lake("--lake");
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Command command = new("query", "Answers SQL over the archive: messages_current, message_history, conversations_current and the " +
            "other views. Cannot write, and opens nothing but the lake. Needs no key and no DuckDB.") { sql, limit, timeout, lake, json };
        Func<ParseResult, CacheOptions> cache = CacheOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => QueryCommand.ExecuteAsync(
            parsed.GetRequiredValue(sql),
            new QueryLimits { Rows = parsed.GetValue(limit), Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)) },
            parsed.GetValue(lake), cache(parsed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Verify()
    {
        Option<string> run = new("--run")
        { Description = "Checks only this run's manifest and files: its id, or the beginning of it.", HelpName = "ID" };
        Option<string> export = new("--export")
        { Description = "Checks an export instead of the archive: its id, or the beginning of it.", HelpName = "ID" };
        Option<string> accept = new("--accept")
        {
            Description = "Confirms that the previous manifest is right and this run's statement about it is wrong. It no longer counts " +
                "as a fault.",
            HelpName = "ID",
        };
        Option<string> subset = new("--subset")
        {
            Description = "Reads the content of a part of the files, such as 5%: the next part each time, so that every file is read " +
                "in 20 calls. Of the others it checks presence and length.",
            HelpName = "SHARE",
        };
        Option<bool> rebuild = new("--rebuild-index") { Description = "First rebuilds the index from the parts." };
        Option<string> destination = Lake();
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Option<bool> quiet = SelectionOptions.Quiet();
        Option<bool> breakLock = BreakLock();
        Command command = new("verify", "Checks every file of the archive against its manifest, the manifests against each other, and " +
            "the index against the files. Needs no key.")
        {
            run, subset, export, accept, rebuild, destination, json, quiet, breakLock,
        };
        command.SetAction((parsed, cancellationToken) => VerifyCommand.ExecuteAsync(
            new VerificationRequest(parsed.GetValue(run), parsed.GetValue(rebuild)) { AcceptedRunId = parsed.GetValue(accept) },
            parsed.GetValue(subset),
            parsed.GetValue(export),
            parsed.GetValue(destination),
            parsed.GetValue(json),
            parsed.GetValue(quiet),
            parsed.GetValue(breakLock),
            cancellationToken));
        return command;
    }

    private static Command Backup()
    {
        Option<string> target = new("--to")
        {
            Description = "The copy: a folder, or the https URL of a blob container. Empty at first; later the same place again.",
            HelpName = "DIR|URL",
            Required = true,
        };
        Option<string> lake = Lake("--lake");
        Option<bool> json = new("--json") { Description = "Prints one JSON document on stdout." };
        Option<bool> quiet = SelectionOptions.Quiet();
        Command command = new("backup", "Copies the archive to another place: what the copy lacks, each file compared with its hash. " +
            "Runs may go on meanwhile. Needs no key.") { target, lake, json, quiet };
        command.SetAction((parsed, cancellationToken) => BackupCommand.ExecuteAsync(
            parsed.GetRequiredValue(target), parsed.GetValue(lake), parsed.GetValue(json), parsed.GetValue(quiet), cancellationToken));
        return command;
    }

    private static Command Restore()
    {
        Option<string> lake = Lake("--lake");
        Command command = new("restore", "Takes over a copy that backup made, if the original is lost: runs are accepted there again. " +
            "Needs no key.") { lake };
        command.SetAction((parsed, cancellationToken) => BackupCommand.RestoreAsync(parsed.GetValue(lake), cancellationToken));
        return command;
    }

    private static Option<bool> BreakLock() => new("--break-lock")
    {
        Description = "Takes the archive's lock from a suspended or lost process: at once if it is proven dead, otherwise after you " +
            "confirm it on the terminal.",
    };

    /// <param name="alias">The other spelling; null if the command writes something else with <c>--out</c>.</param>
    private static Option<string> Lake(string name = "--lake", string? alias = "--out") =>
        new(name, alias is null ? [] : [alias])
        {
            Description = "The lake: a folder, or the https URL of a blob container. [Archive:Destination]",
            HelpName = "DIR|URL"
        };

    private static Command Views()
    {
        Option<string> engine = new("--engine") { Description = $"{ViewsCommand.EngineNames}.", HelpName = "ENGINE" };
        Option<string> destination = Lake();
        Option<bool> relative = new("--relative")
        {
            Description = "For DuckDB: with paths relative to the lake's folder, in which the script is then run.",
        };
        Command command = new("views", "Prints the SQL that creates a lake's views in a query engine: the current messages, their " +
            "history, and whether each conversation is complete. Needs no key.")
        {
            engine,
            destination,
            relative,
        };
        command.SetAction((parsed, cancellationToken) => ViewsCommand.ExecuteAsync(
            parsed.GetValue(engine), parsed.GetValue(destination), parsed.GetValue(relative), cancellationToken));
        return command;
    }
}
