namespace KapsoArchive.Cli;

/// <summary>The program's exit codes: a contract with scripts.</summary>
internal static class ExitCode
{
    public const int Complete = 0;
    public const int Unexpected = 1;
    public const int BadSetting = 2;
    public const int NotComplete = 3;
    public const int NotSound = 3;
    public const int KeyRefused = 4;
    public const int Locked = 5;
    public const int Interrupted = 130;
}
