using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Readers;

/// <summary>jq 1.6. Later versions keep the digits of numbers, so they are other readers.</summary>
internal sealed class JqMatrixReader() : JsonLinesMatrixReader("jq 1.6")
{
    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled { get; } = Version() == "jq-1.6";

    protected override async IAsyncEnumerable<JsonElement> ParseAsync(IReadOnlyList<string> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Process process = Start("-c", "-R", "fromjson?");
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        Task write = WriteAsync(process, lines, cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonElement.Parse(line, new JsonDocumentOptions { MaxDepth = 300 });
        await write;
        await process.WaitForExitAsync(cancellationToken);
        process.ExitCode.ShouldBe(0, await errors);
    }

    /// <summary>It cannot read fractions of a second, so the text of a time counts as the time.</summary>
    protected override long? Time(JsonElement value) => Timestamp.TryParse(Encoding.UTF8.GetBytes(value.GetString()!), out long micros) ? micros : null;

    private static async Task WriteAsync(Process process, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        foreach (string line in lines)
            await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        process.StandardInput.Close();
    }

    private static string? Version()
    {
        try
        {
            using Process process = Start("--version");
            return process.StandardOutput.ReadToEnd().Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("jq", arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    })!;
}
