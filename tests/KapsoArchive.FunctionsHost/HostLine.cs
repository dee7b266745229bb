namespace KapsoArchive.FunctionsHost;

/// <summary>A line that the app logged, as it arrives in the host.</summary>
/// <param name="Source">Who wrote it.</param>
/// <param name="Category"><c>Function.NAME.User</c> if a function wrote it ("Worker log lines arrive in the host as
/// Function.NAME.User"), otherwise <paramref name="Logger"/>.</param>
/// <param name="Logger">The category of the logger in the worker.</param>
/// <param name="Level">Trace, Debug, Information, Warning, Error or Critical.</param>
/// <param name="Function">The function during whose invocation it was written.</param>
/// <param name="InvocationId">That invocation.</param>
/// <param name="Message">The text.</param>
/// <param name="Exception">The exception's type, message and stack trace.</param>
/// <param name="Properties">What else the line carries, as JSON.</param>
public sealed record HostLine(
    LineSource Source, string Category, string Logger, string Level, string? Function, string? InvocationId, string Message, string? Exception, string? Properties)
{
    /// <summary>All that the line carries.</summary>
    public override string ToString() => $"{Source} {Level} {Category} [{Function}] {Logger}: {Message} {Exception} {Properties}".TrimEnd();
}
