using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Faults;

/// <summary>A real store of which one call fails although it was carried out; what it reads breaks off in the middle.</summary>
/// <remarks>It stands before every method that a store has, whichever those are.</remarks>
public class FailingCalls : DispatchProxy
{
    private static readonly MethodInfo ResultMethod = typeof(FailingCalls).GetMethod(nameof(ResultAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly MethodInfo ListingMethod = typeof(FailingCalls).GetMethod(nameof(ListingAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private IStore _inner = null!;
    private int _failAt;
    private int _count;

    /// <summary>The calls since it was last told when to fail.</summary>
    public int Count => _count;

    /// <summary>The call that failed; null if none did.</summary>
    public string? Failed { get; private set; }

    public static (IStore Store, FailingCalls Calls) Of(IStore inner)
    {
        IStore store = Create<IStore, FailingCalls>();
        var calls = (FailingCalls)store;
        calls._inner = inner;
        return (store, calls);
    }

    /// <summary>Fails at the nth call from now on, counted from 1.</summary>
    public void FailAt(int number) => (_failAt, _count, Failed) = (number, 0, null);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        if (result is not Task && !IsListing(targetMethod.ReturnType))
            return result;
        if (Interlocked.Increment(ref _count) != _failAt)
            return result;
        Failed = $"{targetMethod.Name} {args!.FirstOrDefault(a => a is StorePath or string or StagedFile)}";
        return result switch
        {
            Task task when task.GetType() is { IsGenericType: true } && targetMethod.ReturnType.IsGenericType =>
                ResultMethod.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments).Invoke(this, [task]),
            Task task => AwaitingAsync(task),
            _ => ListingMethod.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments).Invoke(this, [result]),
        };
    }

    private static bool IsListing(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private async Task AwaitingAsync(Task task)
    {
        await task;
        throw Lost();
    }

    private async Task<T> ResultAsync<T>(Task<T> task)
    {
        T result = await task;
        if (result is Stream { CanRead: true } content)
            return (T)(object)new BrokenOffStream(content, Lost());
        if (result is IAsyncDisposable open)
            await open.DisposeAsync(); // A lock, or a file that is staged: nobody could give it back.
        throw Lost();
    }

    private async IAsyncEnumerable<T> ListingAsync<T>(IAsyncEnumerable<T> all)
    {
        List<T> files = await all.ToListAsync(TestContext.Current.CancellationToken);
        foreach (T file in files.Take(files.Count / 2))
            yield return file;
        throw Lost();
    }

    private StoreException Lost() => new($"{Failed} was carried out and failed, as the test wants it.");
}
