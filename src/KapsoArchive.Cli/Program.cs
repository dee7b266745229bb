using System.CommandLine;
using KapsoArchive.Cli;

using var interruption = new Interruption();
ParseResult command = Commands.Root().Parse(args);
if (args.Length == 0)
    command = Commands.Root().Parse(["--help"]);
if (command.Errors.Count > 0)
{
    string message = WrongUsage.Of(command, args);
    await Terminal.TellAsync(message);
    await Terminal.TellAsync("Type kapso-archive --help for the commands, or kapso-archive run --help for the options of one command.");
    if (args.Contains("--json"))
        await Terminal.SayJsonAsync(Failure.ToJson(ExitCode.BadSetting, message));
    return ExitCode.BadSetting;
}

return await command.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, interruption.Token);
