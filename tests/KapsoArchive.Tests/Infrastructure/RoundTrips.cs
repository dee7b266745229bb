using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>
/// A real store that counts how many of its calls had to wait for each other: a call that begins while another is under way shares its
/// round trip. Public because a proxy derives from it.
/// </summary>
public class RoundTrips : DispatchProxy
{
    private readonly Lock _lock = new();
    private IStore? _inner;
    private int _calls;

    /// <summary>The longest chain of calls of which each began after the one before had ended.</summary>
    public int Sequential { get; private set; }

    public int Calls => _calls;

    public static (IStore Store, RoundTrips Trips) Of(IStore inner)
    {
        IStore store = Create<IStore, RoundTrips>();
        var trips = (RoundTrips)(object)store;
        trips._inner = inner;
        return (store, trips);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        int depth;
        lock (_lock)
        {
            _calls++;
            depth = Sequential + 1;
        }

        object? result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (result is Task call)
            _ = call.ContinueWith(_ => End(depth), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else if (!targetMethod.Name.StartsWith("get_", StringComparison.Ordinal))
            End(depth);
        return result;
    }

    private void End(int depth)
    {
        lock (_lock)
            Sequential = Math.Max(Sequential, depth);
    }
}
