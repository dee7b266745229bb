using System.CommandLine;
using KapsoArchive.Cli;

using var interruption = new Interruption();
ParseResult command = Commands.Root().Parse(args);
if (command.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in command.Errors)
        await Console.Error.WriteLineAsync(error.Message);
    await Console.Error.WriteLineAsync("Type kapso-archive --help for the commands, kapso-archive run --help for one command's options.");
    return ExitCode.BadSetting;
}

return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, interruption.Token);
