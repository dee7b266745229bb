using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Faults;

/// <summary>A store whose lock keeps nobody out, and in which another run overtakes this one at its pointer.</summary>
public class OvertakenStore : DispatchProxy
{
    private static readonly StorePath Latest = new(StoreArea.State, "latest.json");

    private IStore _inner = null!;
    private Func<Task>? _overtake;
    private bool _hasLocks;

    /// <param name="inner">The store.</param>
    /// <param name="hasLocks">Whether a document is replaced only as it was read.</param>
    /// <param name="overtake">Called once, before the pointer is replaced.</param>
    public static IStore Of(IStore inner, bool hasLocks, Func<Task> overtake)
    {
        IStore store = Create<IStore, OvertakenStore>();
        var overtaken = (OvertakenStore)store;
        (overtaken._inner, overtaken._hasLocks, overtaken._overtake) = (inner, hasLocks, overtake);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IStore.LockAsync) && args![0] is StorePath { Name: "lock" })
            args[0] = new StorePath(StoreArea.State, "lock-of-the-other");
        if (targetMethod.Name == nameof(IStore.ReplaceAsync) && Latest.Equals(args![0]) && Interlocked.Exchange(ref _overtake, null) is { } overtake)
            return ReplaceLateAsync(overtake, (ReadOnlyMemory<byte>)args[1]!, (string?)args[2], (CancellationToken)args[3]!);
        return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }

    private async Task<string> ReplaceLateAsync(Func<Task> overtake, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        await overtake();
        string? seen = _hasLocks ? etag : (await _inner.ReadAsync(Latest, cancellationToken))?.ETag;
        return await _inner.ReplaceAsync(Latest, content, seen, cancellationToken);
    }
}
