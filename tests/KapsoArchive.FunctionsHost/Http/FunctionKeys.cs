using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.FunctionsHost.Http;

/// <summary>The host's keys: "Host keys travel in x-functions-key or ?code=".</summary>
internal sealed class FunctionKeys
{
    /// <summary>Opens functions of level Function and Anonymous.</summary>
    public string Function { get; } = NewKey();

    /// <summary>Opens every function.</summary>
    public string Master { get; } = NewKey();

    public bool Open(string level, HttpRequest request)
    {
        string? key = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"];
        return level.ToUpperInvariant() switch
        {
            "ANONYMOUS" => true,
            "FUNCTION" => key == Function || key == Master,
            _ => key == Master,
        };
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(33)).Replace('+', '-').Replace('/', '_');
}
