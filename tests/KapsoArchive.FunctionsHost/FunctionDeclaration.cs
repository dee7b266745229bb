using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.FunctionsHost.Protocol;

namespace KapsoArchive.FunctionsHost;

/// <summary>A function as the worker declares it ("bindings as JSON in raw_bindings").</summary>
public sealed class FunctionDeclaration
{
    private readonly JsonElement[] _bindings;

    internal FunctionDeclaration(RpcFunctionMetadata metadata)
    {
        Metadata = metadata;
        _bindings = [.. metadata.RawBindings.Select(b => JsonElement.Parse(b))];
        Retry = metadata.RetryOptions is { } retry
            ? new RetryPolicy(retry.MaxRetryCount, retry.RetryStrategy == RpcRetryOptions.Types.RetryStrategy.FixedDelay
                ? retry.DelayInterval.ToTimeSpan()
                : throw new NotSupportedException($"{metadata.Name} has a retry policy with growing pauses; the stand-in knows only fixed ones."))
            : null;
    }

    public string Name => Metadata.Name;

    public string EntryPoint => Metadata.EntryPoint;

    /// <summary>The retry policy; null without one.</summary>
    public RetryPolicy? Retry { get; }

    /// <summary>The bindings, a line of JSON each, as they were declared.</summary>
    public IReadOnlyList<string> Bindings => [.. _bindings.Select(b => JsonNode.Parse(b.GetRawText())!.ToJsonString())];

    internal RpcFunctionMetadata Metadata { get; }

    internal string Id => Metadata.FunctionId;

    /// <summary>The binding of this type; null if the function has none.</summary>
    internal JsonElement? Find(string type) =>
        _bindings.Where(b => string.Equals(b.GetProperty("type").GetString(), type, StringComparison.OrdinalIgnoreCase)).Select(b => (JsonElement?)b).FirstOrDefault();

    internal static string? Text(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
