using KapsoArchive.Tests.Functions.Api;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>What the tests of the published app share: a storage account, whose queue is theirs alone, and one worker for all HTTP tests.
/// They run one after the other.</summary>
public sealed class FunctionsFixture : IAsyncDisposable
{
    private readonly Lazy<Task<FunctionsDoor>> _door;

    public FunctionsFixture()
    {
        _door = new Lazy<Task<FunctionsDoor>>(() => FunctionsDoor.OpenAsync(Azurite));
    }

    public AzuriteServer Azurite { get; } = new();

    /// <summary>The app behind HTTP, started when a test first asks for it.</summary>
    internal Task<FunctionsDoor> DoorAsync() => _door.Value;

    public async ValueTask DisposeAsync()
    {
        if (_door is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opened })
            await (await opened).DisposeAsync();
        await Azurite.DisposeAsync();
    }
}
