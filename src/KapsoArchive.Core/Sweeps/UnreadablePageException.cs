namespace KapsoArchive.Core.Sweeps;

/// <summary>A page that fails although the source answers other requests. Smaller pages may show which record is the cause.</summary>
/// <param name="said">What went wrong, in words for users; contains no secret.</param>
/// <param name="requests">Number of failed requests for the page.</param>
internal sealed class UnreadablePageException(string said, int requests) : Exception(said)
{
    public int Requests { get; } = requests;
}
