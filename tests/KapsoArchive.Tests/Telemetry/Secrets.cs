using System.IO.Compression;
using System.Text.Json;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>What must be in no log, trace or metric: every text of the messages of a lake, phone numbers, names, media links, and the key.</summary>
internal sealed class Secrets
{
    /// <summary>Shorter ones are words of the program too.</summary>
    private const int Shortest = 6;

    /// <summary>What is no secret: ids, times and the source's own words.</summary>
    private static readonly HashSet<string> Plain = ["id", "created_at", "updated_at", "direction", "status", "processing_status", "message_type", "type", "mime_type", "_archive"];

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public int Count => _texts.Count;

    /// <param name="lake">A lake in a folder, with JSONL.</param>
    public static Secrets Of(string lake, params IEnumerable<string> keys)
    {
        var secrets = new Secrets();
        secrets._texts.UnionWith(keys);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(lake, "messages_jsonl"), "*.jsonl.gz", SearchOption.AllDirectories))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                using var record = JsonDocument.Parse(line);
                secrets.Add(record.RootElement);
            }
        }

        return secrets;
    }

    /// <summary>The secrets that stand in one of these, each with the text around it.</summary>
    public IReadOnlyList<string> FoundIn(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        return [.. _texts.SelectMany(secret => all.Where(text => text.Contains(secret, StringComparison.Ordinal)).Take(1).Select(text => $"{secret} in: {Around(text, secret)}")).Take(20)];
    }

    private static string Around(string text, string secret)
    {
        int at = text.IndexOf(secret, StringComparison.Ordinal);
        return text[Math.Max(0, at - 60)..Math.Min(text.Length, at + secret.Length + 60)];
    }

    private void Add(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject().Where(p => !Plain.Contains(p.Name)))
                    Add(property.Value);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    Add(item);
                break;
            case JsonValueKind.String when TextOf(value) is { Length: >= Shortest } text:
                _texts.Add(text.StartsWith('+') && text.Skip(1).All(char.IsAsciiDigit) ? text[1..] : text);
                break;
        }
    }

    /// <summary>Null for half a surrogate pair, which is no text.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
