namespace KapsoArchive.Tests.Cli;

/// <summary>How the program ended, and what it said.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);
