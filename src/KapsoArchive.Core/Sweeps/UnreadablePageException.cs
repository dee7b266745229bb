namespace KapsoArchive.Core.Sweeps;

/// <summary>A page that fails although the source answers otherwise: smaller pages may tell which of its records is to blame.</summary>
/// <param name="said">What went wrong, in words for people; no secret.</param>
/// <param name="requests">How many requests for it failed.</param>
internal sealed class UnreadablePageException(string said, int requests) : Exception(said)
{
    public int Requests { get; } = requests;
}
