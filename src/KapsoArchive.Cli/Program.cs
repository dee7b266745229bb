using System.CommandLine;
using KapsoArchive.Cli;

using var interruption = new Interruption();
ParseResult command = Commands.Root().Parse(args);
if (command.Errors.Count > 0)
{
    string message = command.UnmatchedTokens.Count > 0
        ? $"There is no command or option {VisibleText.PrintedLine(string.Join(", ", command.UnmatchedTokens))}."
        : string.Join(Environment.NewLine, command.Errors.Select(error => error.Message));
    await Terminal.TellAsync(message);
    await Terminal.TellAsync("Type kapso-archive --help for the commands, or kapso-archive run --help for the options of one command.");
    if (args.Contains("--json"))
        await Terminal.SayJsonAsync(Failure.ToJson(ExitCode.BadSetting, message));
    return ExitCode.BadSetting;
}

return await command.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, interruption.Token);
