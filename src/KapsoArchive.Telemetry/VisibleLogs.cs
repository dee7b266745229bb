using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Text;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Telemetry;

/// <summary>Wraps all loggers: text from files, requests or the source is made visible, so that it cannot forge log lines. An exception
/// that explains itself is logged as its sentence, without a stack trace.</summary>
internal sealed class VisibleLogs(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new VisibleLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Does nothing: the creator of the inner factory disposes it.</summary>
    public void Dispose()
    {
    }

    private sealed class VisibleLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel))
                return;
            string message = formatter(state, exception);
            bool isExplained = IsExplained(exception);
            if (isExplained)
                message = $"{message} {exception!.Message}";
            Exception? shown = isExplained ? null : VisibleException.Of(exception);
            if (VisibleText.PrintedLine(message) == message && ReferenceEquals(shown, exception))
                inner.Log(logLevel, eventId, state, exception, formatter);
            else
                inner.Log(logLevel, eventId, VisibleState.Of(state, message), shown, static (s, _) => s.ToString());
        }

        /// <summary>Whether the message of the exception is a sentence for an operator, to which a stack trace adds nothing.</summary>
        private static bool IsExplained(Exception? exception) =>
            exception is StoreException or SettingException or KapsoException or SourceUnavailableException or OptionsValidationException;
    }

    /// <summary>The logged values, with each text on one line.</summary>
    private sealed class VisibleState(string message, IEnumerable<KeyValuePair<string, object?>> values)
        : List<KeyValuePair<string, object?>>(values)
    {
        public static VisibleState Of(object? state, string message) => new(
            VisibleText.PrintedLine(message),
            state is IEnumerable<KeyValuePair<string, object?>> values
                ? values.Select(v => v.Value is string text && v.Key != "{OriginalFormat}"
                    ? new KeyValuePair<string, object?>(v.Key, VisibleText.PrintedLine(text)) : v)
                : []);

        public override string ToString() => message;
    }

    /// <summary>Replaces an exception whose text contains control characters.</summary>
    private sealed class VisibleException(Exception exception) : Exception(VisibleText.Printed(exception.Message))
    {
        public override string? StackTrace => exception.StackTrace;

        public static Exception? Of(Exception? exception) =>
            exception?.ToString().Replace("\r", "", StringComparison.Ordinal) is { } text && VisibleText.Printed(text) != text
                ? new VisibleException(exception) : exception;

        public override string ToString() => VisibleText.Printed(exception.ToString());
    }
}
