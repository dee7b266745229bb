using System.Runtime.CompilerServices;
using System.Text.Json;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Readers;

/// <summary>System.Text.Json as it is set by default.</summary>
internal sealed class SystemTextJsonMatrixReader() : JsonLinesMatrixReader("System.Text.Json")
{
    protected override async IAsyncEnumerable<JsonElement> ParseAsync(IReadOnlyList<string> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string line in lines)
        {
            if (TryParse(line) is { } parsed)
                yield return parsed;
        }

        await Task.CompletedTask;
    }

    protected override long? Time(JsonElement value) => value.TryGetDateTimeOffset(out DateTimeOffset time) ? Timestamp.ToMicros(time) : null;

    private static JsonElement? TryParse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
