using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Api;

/// <summary>Keeps all that is logged.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _entries = new();

    public IReadOnlyCollection<(LogLevel Level, string Category, string Text)> Entries => _entries;

    public string[] Problems => [.. _entries.Where(e => e.Level >= LogLevel.Warning).Select(e => $"{e.Category}: {e.Text}")];

    public ILogger CreateLogger(string categoryName) => new Page(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Page(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book._entries.Enqueue((logLevel, category, $"{formatter(state, exception)} {exception}"));
    }
}
