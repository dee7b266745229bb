using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Api;

/// <summary>A way to the API over HTTP: <c>serve</c>'s endpoints, or the function app behind its host.</summary>
internal interface IApiDoor : IAsyncDisposable
{
    Uri Url { get; }

    /// <summary>A caller that may call everything. It follows no redirect and keeps no cookie.</summary>
    HttpClient Client { get; }

    /// <summary>What the app has logged as a problem since the test began.</summary>
    string[] Problems { get; }

    /// <summary>What is in the queue.</summary>
    Task<IReadOnlyCollection<RunMessage>> MessagesAsync();

    /// <summary>Delivers what is in the queue, and what comes into it meanwhile, until it is empty.</summary>
    Task WorkAsync();

    /// <summary>Sends bytes as they are, which no client that knows HTTP would, and goes away if the server waits for more than there
    /// is.</summary>
    /// <returns>The whole answer, head and body; empty if the server closed the connection without one.</returns>
    Task<string> SendRawAsync(byte[] request, CancellationToken cancellationToken);

    /// <summary>Sends the bytes of a whole request as they are.</summary>
    /// <returns>The whole answer, head and body, however long it takes.</returns>
    Task<string> SendWholeAsync(byte[] request, CancellationToken cancellationToken);
}
