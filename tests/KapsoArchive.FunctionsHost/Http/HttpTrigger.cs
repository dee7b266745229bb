using System.Text.Json;
using KapsoArchive.FunctionsHost.Protocol;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.FunctionsHost.Http;

/// <summary>A function that HTTP requests trigger.</summary>
internal sealed class HttpTrigger(FunctionDeclaration function, JsonElement binding, HttpForwarding forwarding, Invoker invoker)
{
    /// <summary>The route below the prefix.</summary>
    public string Route { get; } = FunctionDeclaration.Text(binding, "route") ?? function.Name;

    public string Level { get; } = FunctionDeclaration.Text(binding, "authLevel") ?? "Function";

    private readonly string[] _methods = binding.TryGetProperty("methods", out JsonElement methods) ? [.. methods.EnumerateArray().Select(m => m.GetString()!)] : [];

    public bool Takes(string method) => _methods.Length == 0 || _methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    /// <summary>"The host sends the request there with x-ms-invocation-id and, at the same time, an InvocationRequest of that id whose binding
    /// is an empty RpcHttp."</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string invocationId = Guid.NewGuid().ToString();
        // "Route parameters travel in trigger_metadata."
        Dictionary<string, TypedData> parameters = context.Request.RouteValues.ToDictionary(v => v.Key, v => new TypedData { String = $"{v.Value}" }, StringComparer.Ordinal);
        var input = new ParameterBinding { Name = FunctionDeclaration.Text(binding, "name")!, Data = new TypedData { Http = new RpcHttp() } };
        _ = invoker.InvokeOnceAsync(function, invocationId, input, parameters); // "The answer over gRPC says only whether it succeeded."
        await forwarding.ForwardAsync(context, invocationId);
    }
}
