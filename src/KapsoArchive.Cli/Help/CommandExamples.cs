namespace KapsoArchive.Cli.Help;

/// <summary>What the help of a command adds to its options.</summary>
/// <param name="Anchor">The section of the command line's page.</param>
/// <param name="Codes">Exit codes besides those that every command has.</param>
/// <param name="Examples">Command lines without the program's name.</param>
internal sealed record CommandExamples(string Anchor, IReadOnlyList<int> Codes, params IReadOnlyList<string> Examples)
{
    public static IReadOnlyList<int> CodesOfRuns { get; } =
        [ExitCode.Complete, ExitCode.NotComplete, ExitCode.KeyRefused, ExitCode.Locked, ExitCode.SourceDown];
}
