using System.Net.Sockets;
using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions.Api;

/// <summary>The published app behind its host: one worker over a folder and a queue of the emulator, for test after test.</summary>
internal sealed class FunctionsDoor : IApiDoor
{
    private readonly TemporaryFolder _folder;
    private readonly StandInHost _host;
    private readonly QueueServiceClient _queues;
    private int _linesBefore;

    private FunctionsDoor(TemporaryFolder folder, SandboxServer sandbox, StandInHost host, QueueServiceClient queues)
    {
        (_folder, Sandbox, _host, _queues) = (folder, sandbox, host, queues);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
        Client.DefaultRequestHeaders.Add("x-functions-key", host.FunctionKey);
    }

    public Uri Url => _host.Url;

    public HttpClient Client { get; }

    public SandboxServer Sandbox { get; }

    public StandInHost Host => _host;

    public string Store => _folder.File("store");

    // Only the app's own: the libraries below it warn of what is usual.
    public string[] Problems =>
    [
        .. _host.Log.Lines.Skip(_linesBefore).Where(l => l.Level is "Warning" or "Error" or "Critical" && l.Logger.StartsWith("KapsoArchive.", StringComparison.Ordinal)).Select(l => l.ToString()),
    ];

    public static async Task<FunctionsDoor> OpenAsync(AzuriteServer azurite)
    {
        string connection = await azurite.ConnectionStringAsync(CancellationToken.None);
        var folder = new TemporaryFolder();
        SandboxServer sandbox = await SandboxServer.StartAsync(ApiTest.World, cancellationToken: CancellationToken.None);
        StandInHost host = await StandInHost.StartAsync(
            new HostOptions
            {
                Folder = await PublishedApp.FolderAsync(CancellationToken.None),
                Home = Directory.CreateDirectory(folder.File("home")).FullName,
                ListensToQueues = false,
                FiresStartupTimers = false,
                LongestWait = TimeSpan.FromMilliseconds(100),
                Settings = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["AzureWebJobsStorage"] = connection,
                    ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                    ["ArchiveSchedule"] = "0 0 2 * * *",
                    ["Kapso__ApiKey"] = ApiTest.World.ApiKey,
                    ["Kapso__BaseUrl"] = sandbox.BaseUrl.ToString(),
                    ["Kapso__MaxRetries"] = "0",
                    ["Archive__Conversations"] = "all",
                    ["Archive__Media"] = "none",
                    ["Api__CallbackSecret"] = ApiTest.CallbackSecret,
                    ["Archive__Destination"] = folder.File("store"),
                },
            },
            CancellationToken.None);
        host.IsUp.ShouldBeTrue(host.Log.Text);
        return new FunctionsDoor(folder, sandbox, host, new QueueServiceClient(connection));
    }

    /// <summary>Empties the store and the queue for the next test.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await _queues.GetQueueClient(RunMessage.QueueName).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await _queues.EmptyAsync(cancellationToken);
        if (Directory.Exists(Store))
            Directory.Delete(Store, recursive: true);
        await new FolderStore(Store).PrepareAsync(cancellationToken);
        _linesBefore = _host.Log.Lines.Count;
    }

    public async Task<IReadOnlyCollection<RunMessage>> MessagesAsync()
    {
        PeekedMessage[] messages = await _queues.GetQueueClient(RunMessage.QueueName).PeekMessagesAsync(32, TestContext.Current.CancellationToken);
        return [.. messages.Select(m => RunMessage.TryParse(Encoding.UTF8.GetString(Convert.FromBase64String(m.Body.ToString()))).ShouldNotBeNull())];
    }

    public Task WorkAsync() => _host.DeliverAsync(TestContext.Current.CancellationToken);

    public Task<string> SendRawAsync(byte[] request, CancellationToken cancellationToken) => SendAsync(request, goesAway: true, cancellationToken);

    public Task<string> SendWholeAsync(byte[] request, CancellationToken cancellationToken) => SendAsync(request, goesAway: false, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> SendAsync(byte[] request, bool goesAway, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Url.Host, Url.Port, cancellationToken);
        await using NetworkStream stream = socket.GetStream();
        using MemoryStream answer = new();
        try
        {
            await stream.WriteAsync(WithKey(request), cancellationToken);
            if (goesAway)
                socket.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (IOException)
        {
            // The server had heard enough. What it said until then counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>Adds the key behind the first line.</summary>
    private byte[] WithKey(byte[] request)
    {
        int line = request.AsSpan().IndexOf("\r\n"u8);
        return line < 0 ? request : [.. request[..(line + 2)], .. Encoding.ASCII.GetBytes($"x-functions-key: {_host.FunctionKey}\r\n"), .. request[(line + 2)..]];
    }
}
