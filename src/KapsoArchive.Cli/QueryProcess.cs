using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Cli;

/// <summary>Answers queries by the command <c>query</c> in a process of its own, which ends in time whatever the query does, and whose
/// memory is not this one's. The query goes over stdin: other users see the arguments of a process.</summary>
/// <param name="lake">The value of <c>--lake</c>; null to use the setting.</param>
internal sealed class QueryProcess(string? lake, CacheOptions cache)
{
    private const string Program = "kapso-archive";

    /// <summary>Most characters of an answer.</summary>
    private const int MostOfAnswer = 8 << 20;

    /// <summary>1 GiB, of which the engine takes half.</summary>
    private const string MostMemory = "0x40000000";

    /// <summary>How long the process has beyond the time limit of the query.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public FileCache? OpenCache(IStore store) => cache.Open(store);

    /// <returns>The document that <c>query --json</c> prints.</returns>
    /// <exception cref="SettingException">The query is wrong, or exceeds a limit.</exception>
    /// <exception cref="StoreException">The query could not be carried out.</exception>
    public async Task<JsonElement> AnswerAsync(string sql, int rows, TimeSpan time, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(time + Grace);
        using Process process = Process.Start(Command(rows, time)) ?? throw new StoreException("The query could not be started.");
        try
        {
            Task<string> errors = ReadAsync(process.StandardError, limited.Token);
            await process.StandardInput.WriteAsync(sql.AsMemory(), limited.Token);
            process.StandardInput.Close();
            string answer = await ReadAsync(process.StandardOutput, limited.Token);
            await process.WaitForExitAsync(limited.Token);
            if (process.ExitCode == ExitCode.Complete)
                return JsonElement.Parse(answer);
            string message = (await errors).Trim();
            throw process.ExitCode == ExitCode.BadSetting ? new SettingException(message) : new StoreException(message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SettingException("The query takes too long. Narrow it.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ReadAsync(StreamReader stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        char[] buffer = new char[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and int length)
        {
            if (text.Append(buffer, 0, length).Length > MostOfAnswer)
                throw new SettingException("The answer is too large. Select fewer columns, or aggregate.");
        }

        return text.ToString();
    }

    private ProcessStartInfo Command(int rows, TimeSpan time)
    {
        string? self = Environment.ProcessPath;
        bool isProgram = Path.GetFileNameWithoutExtension(self) == Program;
        string[] arguments =
        [
            .. isProgram ? (string[])[] : [Path.Combine(AppContext.BaseDirectory, $"{Program}.dll")],
            "query", QueryCommand.FromInput, "--json", "--limit", rows.ToString(CultureInfo.InvariantCulture),
            "--timeout", time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            .. lake is null ? (string[])[] : ["--lake", lake], .. cache.Folder is null ? (string[])[] : ["--cache", cache.Folder],
            "--cache-size", cache.Mebibytes.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(isProgram ? self! : "dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = MostMemory;
        return start;
    }
}
