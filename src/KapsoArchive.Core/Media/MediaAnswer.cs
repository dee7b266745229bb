namespace KapsoArchive.Core.Media;

/// <summary>How a download ended. Dispose it to release the file.</summary>
/// <param name="Reason">A few words, never a link, a host name or a text of the answer; null if the file arrived.</param>
/// <param name="Content">The file; null unless it arrived.</param>
internal sealed record MediaAnswer(MediaVerdict Verdict, string? Reason, MediaContent? Content) : IAsyncDisposable
{
    /// <summary>The rate headers of the link's own answer, before any redirect; null if it has none.</summary>
    public MediaRate? RateLimit { get; init; }

    public ValueTask DisposeAsync() => Content?.DisposeAsync() ?? default;
}
