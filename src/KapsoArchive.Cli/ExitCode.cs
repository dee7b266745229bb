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
    public const int SourceDown = 6;
    public const int Overdue = 7;
    public const int Interrupted = 130;

    /// <summary>What it means, for the help.</summary>
    public static string MeaningOf(int code) => code switch
    {
        Complete => "done; for a run or an export: every conversation is complete",
        BadSetting => "bad usage or configuration: the message names the setting and the fix",
        NotComplete => "a conversation is not complete, or the archive is not sound: the output names what",
        KeyRefused => "Kapso refused the key",
        Locked => "another process is at work in this archive",
        SourceDown => "Kapso was down, and nothing was published: run again when it answers",
        Overdue => "with --max-age: the newest nightly run is older, or not complete",
        Interrupted => "interrupted",
        _ => "unexpected failure: the message says what failed",
    };
}
