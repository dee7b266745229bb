namespace KapsoArchive.Core.Sweeps;

/// <summary>The listing cannot be read to its end. The records read so far are kept.</summary>
/// <param name="reason">Why, in words for users; contains no secret.</param>
internal sealed class ListingGivenUpException(string reason) : Exception(reason);
