namespace KapsoArchive.Core.Media;

/// <summary>Ends a download. Does not leave <see cref="MediaClient"/>.</summary>
/// <param name="reason">A few words, never a link, a host name or a text of the answer.</param>
internal sealed class MediaFailure(MediaVerdict verdict, string reason) : Exception(reason)
{
    public MediaVerdict Verdict => verdict;
}
