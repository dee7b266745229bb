using System.Diagnostics;
using KapsoArchive.FunctionsHost.Protocol;
using KapsoArchive.FunctionsHost.Workers;

namespace KapsoArchive.FunctionsHost;

/// <summary>Has functions run, and notes what became of them.</summary>
internal sealed class Invoker(Worker worker, HostFile settings, HostLog log, Waits waits)
{
    private readonly Dictionary<string, (int Now, int Most)> _running = new(StringComparer.Ordinal);

    /// <summary>How many invocations of a function the host has had waiting at a time, at most.</summary>
    public int MostAtOnce(string function)
    {
        lock (_running)
            return _running.GetValueOrDefault(function).Most;
    }

    /// <summary>Runs a function once, within the host's limit: a function that outlives functionTimeout "fails while the function goes
    /// on".</summary>
    public async Task<InvocationOutcome> InvokeOnceAsync(
        FunctionDeclaration function, string invocationId, ParameterBinding input, IReadOnlyDictionary<string, TypedData> metadata, RetryContext? retry = null)
    {
        var request = new InvocationRequest
        {
            InvocationId = invocationId,
            FunctionId = function.Id,
            InputData = { input },
            TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00" },
            RetryContext = retry,
        };
        foreach ((string name, TypedData value) in metadata)
            request.TriggerMetadata.Add(name, value);
        log.Began(invocationId, function.Name);
        Count(function.Name, 1);
        try
        {
            return await worker.InvokeAsync(request).WaitAsync(settings.FunctionTimeout);
        }
        catch (TimeoutException)
        {
            return new InvocationOutcome(invocationId, $"Timeout value of {settings.FunctionTimeout} exceeded by function: Functions.{function.Name}");
        }
        catch (IOException e)
        {
            return new InvocationOutcome(invocationId, e.Message);
        }
        finally
        {
            Count(function.Name, -1);
        }
    }

    /// <summary>Runs a function until it succeeds or its retry policy is used up.</summary>
    public async Task<InvocationOutcome> InvokeAsync(FunctionDeclaration function, ParameterBinding input, CancellationToken stopping)
    {
        for (int retries = 0; ; retries++)
        {
            RetryContext? retry = function.Retry is { } policy ? new RetryContext { RetryCount = retries, MaxRetryCount = policy.MaxRetries } : null;
            InvocationOutcome outcome = await InvokeOnceAsync(function, Guid.NewGuid().ToString(), input, new Dictionary<string, TypedData>(), retry);
            if (!outcome.Succeeded)
                log.Add(LineSource.Host, "Error", $"Executed 'Functions.{function.Name}' (Failed): {outcome.Error}");
            if (outcome.Succeeded || retries >= (function.Retry?.MaxRetries ?? 0) || worker.Process.HasExited)
                return outcome;
            await Task.Delay(waits.Cut(WaitKind.Retry, function.Retry!.Delay), stopping);
        }
    }

    private void Count(string function, int more)
    {
        lock (_running)
        {
            (int now, int most) = _running.GetValueOrDefault(function);
            _running[function] = (now + more, Math.Max(most, now + more));
        }
    }
}
