using System.Collections.Concurrent;
using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A real store that counts the bytes read of each opened file. Public because a proxy derives from it.</summary>
public class FileReads : DispatchProxy
{
    private readonly ConcurrentDictionary<string, (int Opened, long Bytes)> _files = new(StringComparer.Ordinal);
    private IStore? _inner;

    /// <summary>The opened files by name.</summary>
    public IReadOnlyDictionary<string, (int Opened, long Bytes)> Files => _files;

    public static (IStore Store, FileReads Reads) Of(IStore inner)
    {
        IStore store = Create<IStore, FileReads>();
        var reads = (FileReads)(object)store;
        reads._inner = inner;
        return (store, reads);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        return result is Task<Stream?> stream && args is [StorePath path, ..] ? CountAsync(path.Name, stream) : result;
    }

    private async Task<Stream?> CountAsync(string name, Task<Stream?> opening)
    {
        if (await opening is not { } stream)
            return null;
        Add(name, 1, 0);
        return new JournalReads.Counted(stream, bytes => Add(name, 0, bytes));
    }

    private void Add(string name, int opened, int bytes) =>
        _files.AddOrUpdate(name, (opened, bytes), (_, sum) => (sum.Opened + opened, sum.Bytes + bytes));
}
