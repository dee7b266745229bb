using System.Diagnostics;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Keeps an answer that is no HTTP out of what is told of it. The framework's exceptions quote the line at fault, in which a source may put anything, and its spans quote the exceptions.
/// </summary>
internal static class UnquotedAnswers
{
    /// <summary>What stands in the place of the framework's words.</summary>
    public const string Words = "The answer is not HTTP as it should be.";

    private const string FrameworksSpans = "System.Net.Http";

    private static readonly Lazy<ActivityListener> Listener = new(() =>
    {
        // It asks for no span. It only says first what a span says of an exception, and the framework adds what nobody said.
        ActivityListener listener = new() { ShouldListenTo = source => source.Name == FrameworksSpans, ExceptionRecorder = Record };
        ActivitySource.AddActivityListener(listener);
        return listener;
    });

    /// <summary>For the whole process, once.</summary>
    public static void KeepOutOfSpans() => _ = Listener.Value;

    /// <summary>Whether the framework's words for this error hold what was answered.</summary>
    public static bool Quotes(HttpRequestError error) => error is HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded;

    private static void Record(Activity activity, Exception exception, ref TagList tags)
    {
        HttpRequestError? error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError;
        if (error is null || !Quotes(error.Value))
            return;
        tags.Add("exception.message", Words);
        tags.Add("exception.stacktrace", exception.StackTrace);
    }
}
