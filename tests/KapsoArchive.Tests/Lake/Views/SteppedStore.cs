using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>A real store that waits before anything of the data area becomes visible: a file that is revealed, and the manifest.</summary>
public class SteppedStore : DispatchProxy
{
    private IStore _inner = null!;
    private Func<StorePath, Task> _step = null!;

    /// <param name="inner">The store.</param>
    /// <param name="step">Is told what comes next, and completes when it may.</param>
    public static IStore Of(IStore inner, Func<StorePath, Task> step)
    {
        IStore store = Create<IStore, SteppedStore>();
        var stepped = (SteppedStore)(object)store;
        (stepped._inner, stepped._step) = (inner, step);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        StorePath? visible = targetMethod!.Name switch
        {
            nameof(IStore.RevealAsync) => ((StagedFile)args![0]!).Path,
            nameof(IStore.CreateAsync) => (StorePath)args![0]!,
            _ => null,
        };
        return visible is { Area: StoreArea.Data } ? StepAsync(visible, targetMethod, args) : targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
    }

    private async Task StepAsync(StorePath path, MethodInfo method, object?[]? arguments)
    {
        await _step(path);
        await (Task)method.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
