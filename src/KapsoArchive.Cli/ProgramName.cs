namespace KapsoArchive.Cli;

/// <summary>The command that starts this program.</summary>
internal static class ProgramName
{
    private const string Project = "src/KapsoArchive.Cli";

    /// <summary>Whether the working directory is the root of a clone of the repository.</summary>
    public static bool IsInClone => Directory.Exists(Project);

    public static string ToType => IsInClone ? $"dotnet run --project {Project} --" : "kapso-archive";
}
