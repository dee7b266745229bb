using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>A ClickHouse in a process of its own, for one query after the other. It reads every file that the test can read; it has no
/// server and no data. <c>tests/node/readers/clickhouse.mjs</c> says how values are shown.</summary>
public sealed class ClickHouse : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ClickHouse(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts the engine, about a second; the first time on a machine its packages are installed, some 700 MB.</summary>
    public static async Task<ClickHouse> StartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "npm has these engines for Linux on x64.");
        return new(await NodePackages.StartScriptAsync("readers/clickhouse.mjs", [], cancellationToken));
    }

    /// <summary>The rows of a query, each an object with a member for each column.</summary>
    /// <exception cref="InvalidDataException">The engine refuses the query or a file; the message is the engine's.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(sql).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        string line = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"ClickHouse ended: {await _errors}");
        JsonElement answer = JsonElement.Parse(line);
        return answer.TryGetProperty("rows", out JsonElement rows)
            ? [.. rows.EnumerateArray()]
            : throw new InvalidDataException(answer.GetProperty("error").GetString());
    }

    /// <summary>The rows of the Delta table in a folder, as its newest commit has them.</summary>
    /// <param name="folder">Where <c>_delta_log</c> is.</param>
    /// <param name="select">What to read of it, and in which order: <c>*</c>, or <c>count() AS rows</c>.</param>
    /// <param name="where">Which rows.</param>
    /// <inheritdoc cref="QueryAsync"/>
    public Task<IReadOnlyList<JsonElement>> ReadDeltaAsync(
        string folder, DeltaReader reader, CancellationToken cancellationToken, string select = "*", string where = "true") =>
        QueryAsync(
            $"SELECT {select} FROM deltaLakeLocal('{Path.GetFullPath(folder)}') WHERE {where} SETTINGS allow_experimental_delta_kernel_rs = {(reader == DeltaReader.Kernel ? 1 : 0)}",
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
