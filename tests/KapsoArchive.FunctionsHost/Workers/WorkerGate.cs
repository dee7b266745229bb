using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using KapsoArchive.FunctionsHost.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.FunctionsHost.Workers;

/// <summary>Where workers dial in: "one bidirectional stream AzureFunctionsRpcMessages.FunctionRpc/EventStream over plain HTTP/2".</summary>
internal sealed class WorkerGate : FunctionRpc.FunctionRpcBase, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, WorkerStream> _expected = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private WorkerGate()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<WorkerGate>();
    }

    public Uri Url => new(_app.Urls.Single());

    public static async Task<WorkerGate> OpenAsync(CancellationToken cancellationToken)
    {
        var gate = new WorkerGate();
        await gate._app.StartAsync(cancellationToken);
        return gate;
    }

    /// <summary>Lets a worker in.</summary>
    public WorkerStream Expect(string workerId, HostLog log) => _expected[workerId] = new WorkerStream(log);

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        // "Order: StartStream (worker) → …"
        if (await requestStream.MoveNext(context.CancellationToken)
            && requestStream.Current.StartStream is { } start && _expected.TryRemove(start.WorkerId, out WorkerStream? stream))
            await stream.RunAsync(requestStream, responseStream, context);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
