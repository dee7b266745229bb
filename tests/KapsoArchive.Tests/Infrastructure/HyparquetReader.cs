using System.Diagnostics;
using System.Text.Json;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Reads Parquet with an engine that shares no code with the writer. <c>tests/node/read-parquet.mjs</c> says how values are shown.</summary>
public static class HyparquetReader
{
    /// <exception cref="InvalidDataException">The reader refuses the file; the message is the reader's.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        using Process process = await NodePackages.StartScriptAsync("read-parquet.mjs", [Path.GetFullPath(file)], cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        List<JsonElement> rows = [];
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            rows.Add(JsonElement.Parse(line));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? rows : throw new InvalidDataException(await errors);
    }
}
