namespace KapsoArchive.Core.Kapso;

/// <summary>Keeps malformed HTTP answers out of logs and traces. The framework's exceptions quote the faulty line, which the source
/// controls, and its spans quote the exceptions.</summary>
internal static class UnquotedAnswers
{
    /// <summary>Replaces the framework's message.</summary>
    public const string Words = "The answer is not valid HTTP.";

    private const string FrameworksSpans = "System.Net.Http";

    private static readonly Lazy<ActivityListener> Listener = new(() =>
    {
        // Requests no span. It only sets the exception tags first, so that the framework adds the missing ones only.
        ActivityListener listener = new() { ShouldListenTo = source => source.Name == FrameworksSpans, ExceptionRecorder = Record };
        ActivitySource.AddActivityListener(listener);
        return listener;
    });

    /// <summary>Takes effect once for the whole process.</summary>
    public static void KeepOutOfSpans() => _ = Listener.Value;

    /// <summary>Whether the framework's message for this error quotes the answer.</summary>
    public static bool Quotes(HttpRequestError error) =>
        error is HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded;

    private static void Record(Activity activity, Exception exception, ref TagList tags)
    {
        HttpRequestError? error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError;
        if (error is null || !Quotes(error.Value))
            return;
        tags.Add("exception.message", Words);
        tags.Add("exception.stacktrace", exception.StackTrace);
    }
}
