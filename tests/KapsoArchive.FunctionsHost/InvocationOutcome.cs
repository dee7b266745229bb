using KapsoArchive.FunctionsHost.Protocol;

namespace KapsoArchive.FunctionsHost;

/// <summary>How a function ended.</summary>
/// <param name="Error">The exception's type and message; null if it succeeded.</param>
public sealed record InvocationOutcome(string InvocationId, string? Error)
{
    public bool Succeeded => Error is null;

    internal static InvocationOutcome Of(string invocationId, StatusResult result) => new(
        invocationId,
        result.Status == StatusResult.Types.Status.Success ? null : result.Exception is { } e ? $"{e.Type}: {e.Message}" : $"{result.Status}: {result.Result}");
}
