using System.Text.Encodings.Web;
using System.Text.Json;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Cli;

/// <summary>Reports why a command failed and returns its exit code.</summary>
internal static class Failure
{
    private const string RunInterrupted = "Interrupted. Nothing of this run is visible yet. Start it again at any time.";

    /// <summary>Carries out a command. If it fails, reports why.</summary>
    /// <param name="command">Returns the exit code.</param>
    /// <param name="tracker">The run of the command; null if it executes none.</param>
    public static async Task<int> ReportedAsync(
        Func<Task<int>> command, bool json, CancellationToken cancellationToken, string interrupted = RunInterrupted,
        RunTracker? tracker = null)
    {
        try
        {
            return await command();
        }
        catch (Exception e)
        {
            (int code, string message) = Describe(e, interrupted, cancellationToken);
            await Terminal.TellAsync(message);
            foreach (string givenUp in tracker?.GivenUp ?? [])
                await Terminal.TellAsync(VisibleText.PrintedLine(givenUp));
            if (tracker?.Leftovers is { } leftovers)
                await Terminal.TellAsync(leftovers);
            if (json)
                await Terminal.SayJsonAsync(ToJson(code, message));
            return code;
        }
    }

    private static (int Code, string Message) Describe(Exception exception, string interrupted, CancellationToken cancellationToken) =>
        exception switch
        {
            SettingException => (ExitCode.BadSetting, exception.Message),
            StoreLockedException => (ExitCode.Locked, exception.Message),
            SourceUnavailableException e => (
                e.IsDown ? ExitCode.SourceDown : ExitCode.NotComplete, $"{exception.Message} Nothing of this run is visible."),
            KeyRefusedException => (ExitCode.KeyRefused, exception.Message),
            OperationCanceledException when cancellationToken.IsCancellationRequested => (ExitCode.Interrupted, interrupted),
            RunEndedException { Status: RunStatus.Canceled } => (ExitCode.Interrupted, exception.Message),
            KapsoException => (ExitCode.Unexpected, exception.Message),
            StoreException => (ExitCode.Unexpected, exception.Message),
            _ => (ExitCode.Unexpected, $"Unexpected: {exception}"),
        };

    /// <summary>The error as the single JSON document that <c>--json</c> promises.</summary>
    public static string ToJson(int code, string message)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteNumber("exit_code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
