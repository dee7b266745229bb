using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Runs.Queue;

/// <summary>Keeps what was logged, and how loudly.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> _entries = new();
    private readonly Channel<string> _texts = Channel.CreateUnbounded<string>();

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Entries => [.. _entries];

    /// <summary>The next that was logged, waited for.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken) => await _texts.Reader.ReadAsync(cancellationToken);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception);
        _entries.Enqueue((logLevel, text, exception));
        _texts.Writer.TryWrite(text);
    }
}
