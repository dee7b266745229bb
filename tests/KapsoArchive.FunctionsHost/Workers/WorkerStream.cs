using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using KapsoArchive.FunctionsHost.Protocol;
using Content = KapsoArchive.FunctionsHost.Protocol.StreamingMessage.ContentOneofCase;

namespace KapsoArchive.FunctionsHost.Workers;

/// <summary>The stream of one worker: questions with their answers, and log lines.</summary>
internal sealed class WorkerStream(HostLog log)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<(Content Answer, string Id), TaskCompletionSource<StreamingMessage>> _asked = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;
    private Action _hangUp = () => { };

    /// <summary>Completes when the worker has dialled in.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Sends and receives until one of both hangs up.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, ServerCallContext context)
    {
        _hangUp = context.GetHttpContext().Abort;
        CancellationToken hangUp = context.CancellationToken;
        _connected.TrySetResult();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(hangUp);
        Task sending = SendAllAsync(outgoing, ending.Token);
        try
        {
            while (await incoming.MoveNext(hangUp))
                Receive(incoming.Current);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or Grpc.Core.RpcException)
        {
            // A worker that was killed.
        }

        _isOver = true;
        await ending.CancelAsync();
        await sending;
        foreach ((Content, string) question in _asked.Keys)
            FailIfOver(question);
    }

    /// <summary>Breaks the connection.</summary>
    public void HangUp() => _hangUp();

    public void Tell(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Sends a message and waits for its answer.</summary>
    /// <param name="answer">The kind of the answer.</param>
    /// <param name="id">The function or invocation that the answer names; empty for none.</param>
    /// <exception cref="IOException">The worker hung up before it answered.</exception>
    public Task<StreamingMessage> AskAsync(StreamingMessage question, Content answer, string id = "")
    {
        var answered = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[(answer, id)] = answered;
        Tell(question);
        FailIfOver((answer, id));
        return answered.Task;
    }

    private void FailIfOver((Content, string) question)
    {
        if (_isOver && _asked.TryRemove(question, out TaskCompletionSource<StreamingMessage>? waiting))
            waiting.TrySetException(new IOException("The worker hung up before it answered."));
    }

    private void Receive(StreamingMessage message)
    {
        if (message.RpcLog is { } line)
            log.Add(line);
        else if (_asked.TryRemove((message.ContentCase, IdOf(message)), out TaskCompletionSource<StreamingMessage>? waiting))
            waiting.TrySetResult(message);
    }

    private async Task SendAllAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken ending)
    {
        try
        {
            await foreach (StreamingMessage message in _outgoing.Reader.ReadAllAsync(ending))
                await outgoing.WriteAsync(message, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or Grpc.Core.RpcException or InvalidOperationException)
        {
            // The worker has hung up; whoever waits for an answer is told.
        }
    }

    private static string IdOf(StreamingMessage message) => message.ContentCase switch
    {
        Content.FunctionLoadResponse => message.FunctionLoadResponse.FunctionId,
        Content.InvocationResponse => message.InvocationResponse.InvocationId,
        _ => "",
    };
}
