using KapsoArchive.Core.Inspection.Reports;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive report</c>: writes the HTML report of a run.</summary>
internal static class ReportCommand
{
    public const string StandardOutput = "-";

    public static Task<int> ExecuteAsync(
        string? run, string? file, string? destination, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            if (file is not null && Directory.Exists(file))
                throw new SettingException($"--out: {file} is a folder. For report, --out names the file to write, and --lake " +
                    "(Archive:Destination) names the archive.");
            await using CliServices services = CliServices.ForStore(destination);
            (string runId, ReadOnlyMemory<byte> page) = await services.Get<RunReports>().FindAsync(run, cancellationToken);
            await WriteAsync(file ?? $"kapso-archive-{runId}.html", page, cancellationToken);
            return ExitCode.Complete;
        },
        json: false, cancellationToken, "Interrupted. Nothing was written.");

    private static async Task WriteAsync(string file, ReadOnlyMemory<byte> page, CancellationToken cancellationToken)
    {
        if (file == StandardOutput)
        {
            await using Stream output = Terminal.OpenFile();
            await output.WriteAsync(page, cancellationToken);
            return;
        }

        try
        {
            await File.WriteAllBytesAsync(file, page, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingException($"--out: {file} cannot be written: {e.Message}", e);
        }

        await Terminal.SayAsync(file);
    }
}
