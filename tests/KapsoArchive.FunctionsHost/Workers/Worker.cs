using Google.Protobuf.WellKnownTypes;
using KapsoArchive.FunctionsHost.Protocol;
using Content = KapsoArchive.FunctionsHost.Protocol.StreamingMessage.ContentOneofCase;

namespace KapsoArchive.FunctionsHost.Workers;

/// <summary>A started worker whose functions are loaded.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly WorkerStream _stream;

    private Worker(WorkerProcess process, WorkerStream stream)
    {
        (Process, _stream) = (process, stream);
    }

    public WorkerProcess Process { get; }

    public IReadOnlyList<FunctionDeclaration> Functions { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>();

    /// <summary>The worker's own server ("capability HttpUri names a port of the worker's own Kestrel").</summary>
    public Uri HttpUrl => new(Capabilities["HttpUri"]);

    /// <summary>Starts a worker and loads its functions: "StartStream (worker) → WorkerInitRequest → WorkerInitResponse with capabilities →
    /// FunctionsMetadataRequest → FunctionMetadataResponse → one FunctionLoadRequest per function → FunctionLoadResponse".</summary>
    /// <exception cref="IOException">The worker died, or refused.</exception>
    public static async Task<Worker> StartAsync(HostOptions options, WorkerGate gate, HostLog log, CancellationToken cancellationToken)
    {
        string id = Guid.NewGuid().ToString();
        WorkerStream stream = gate.Expect(id, log);
        var worker = new Worker(WorkerProcess.Start(options, gate.Url, id, log), stream);
        try
        {
            Task<bool> death = worker.Process.ExitsWithinAsync(Timeout.InfiniteTimeSpan);
            Task loading = worker.LoadAsync(options.Folder);
            if (await Task.WhenAny(death, loading).WaitAsync(cancellationToken) == death)
                throw new IOException($"The worker ended with code {worker.Process.ExitCode} before its functions were loaded.");
            await loading;
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a function run.</summary>
    /// <exception cref="IOException">The worker died meanwhile.</exception>
    public async Task<InvocationOutcome> InvokeAsync(InvocationRequest invocation)
    {
        StreamingMessage answer = await _stream.AskAsync(new StreamingMessage { InvocationRequest = invocation }, Content.InvocationResponse, invocation.InvocationId);
        return InvocationOutcome.Of(invocation.InvocationId, answer.InvocationResponse.Result);
    }

    /// <summary>Tells the worker to end; "gets no answer".</summary>
    public void Terminate(TimeSpan grace) => _stream.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Breaks the stream, as the death of the host does.</summary>
    public void HangUp() => _stream.HangUp();

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task LoadAsync(string folder)
    {
        await _stream.Connected;
        WorkerInitResponse init = (await _stream.AskAsync(
            new StreamingMessage { WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1037.0.0", FunctionAppDirectory = folder, WorkerDirectory = folder } },
            Content.WorkerInitResponse)).WorkerInitResponse;
        Check(init.Result, "the start");
        Capabilities = new Dictionary<string, string>(init.Capabilities, StringComparer.Ordinal);

        FunctionMetadataResponse metadata = (await _stream.AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = folder } }, Content.FunctionMetadataResponse)).FunctionMetadataResponse;
        Check(metadata.Result, "the functions' metadata");
        Functions = [.. metadata.FunctionMetadataResults.Select(m => new FunctionDeclaration(m))];

        foreach (FunctionDeclaration function in Functions)
        {
            StreamingMessage loaded = await _stream.AskAsync(
                new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Id, Metadata = function.Metadata } }, Content.FunctionLoadResponse, function.Id);
            Check(loaded.FunctionLoadResponse.Result, function.Name);
        }
    }

    private static void Check(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new IOException($"The worker refused {what}: {result.Exception?.Message ?? result.Result}");
    }
}
