using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.FunctionsHost;

/// <summary>What the published <c>host.json</c> asks of the host. What it does not name has the host's default.</summary>
public sealed record HostFile
{
    private HostFile(JsonElement root)
    {
        FunctionTimeout = Time(Find(root, "functionTimeout"), TimeSpan.FromMinutes(30));
        RoutePrefix = Find(root, "extensions", "http", "routePrefix")?.GetString() ?? "api";
        BatchSize = Find(root, "extensions", "queues", "batchSize")?.GetInt32() ?? 16;
        NewBatchThreshold = Find(root, "extensions", "queues", "newBatchThreshold")?.GetInt32() ?? BatchSize / 2;
        MaxDequeueCount = Find(root, "extensions", "queues", "maxDequeueCount")?.GetInt32() ?? 5;
        MaxPollingInterval = Time(Find(root, "extensions", "queues", "maxPollingInterval"), TimeSpan.FromMinutes(1));
        VisibilityTimeout = Time(Find(root, "extensions", "queues", "visibilityTimeout"), TimeSpan.Zero);
        IsBase64 = (Find(root, "extensions", "queues", "messageEncoding")?.GetString() ?? "base64") switch
        {
            "base64" => true,
            "none" => false,
            string other => throw new FormatException($"messageEncoding in host.json is {other}; it must be base64 or none."),
        };
    }

    /// <summary>How long a function may run before the host takes it for failed.</summary>
    public TimeSpan FunctionTimeout { get; }

    /// <summary>What every HTTP route begins with.</summary>
    public string RoutePrefix { get; }

    /// <summary>How many messages are received at a time.</summary>
    public int BatchSize { get; }

    /// <summary>New messages are received if at most this many are in progress.</summary>
    public int NewBatchThreshold { get; }

    /// <summary>After so many failed deliveries, a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; }

    /// <summary>The longest pause between two looks at an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; }

    /// <summary>The pause after a failed delivery.</summary>
    public TimeSpan VisibilityTimeout { get; }

    /// <summary>Whether messages are in base64.</summary>
    public bool IsBase64 { get; }

    /// <summary>Reads the file of a published app.</summary>
    public static HostFile Read(string folder) => new(JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "host.json"))));

    private static JsonElement? Find(JsonElement element, params string[] names)
    {
        foreach (string name in names)
        {
            if (!element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }

    private static TimeSpan Time(JsonElement? text, TimeSpan otherwise) =>
        text is { } given ? TimeSpan.Parse(given.GetString()!, CultureInfo.InvariantCulture) : otherwise;
}
