namespace KapsoArchive.Tests.Infrastructure;

/// <summary>The program <c>kapso-archive</c> that the tests start, compiled ahead as the container has it: the tests start thousands of
/// processes, and most of the time of a short one is its start. <c>KAPSO_ARCHIVE_AS_BUILT=1</c> takes the program as it was built.</summary>
internal static class PublishedProgram
{
    private const string Name = "kapso-archive.dll";

    private static readonly PublishedProject Program = new(
        "program", "src/KapsoArchive.Cli", "src/KapsoArchive.Api", "src/KapsoArchive.Core", "src/KapsoArchive.Mcp", "src/KapsoArchive.Query",
        "src/KapsoArchive.Sandbox", "src/KapsoArchive.Telemetry");

    private static readonly Lazy<string> Location = new(Find);

    /// <summary>Path of its <c>.dll</c>. The first call publishes it if its sources have changed, which takes a minute.</summary>
    public static string Path => Location.Value;

    private static string Find() => Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_AS_BUILT") == "1" || !OperatingSystem.IsLinux()
        ? System.IO.Path.Combine(AppContext.BaseDirectory, Name)
        : System.IO.Path.Combine(Program.FolderAsync(CancellationToken.None).GetAwaiter().GetResult(), Name);
}
