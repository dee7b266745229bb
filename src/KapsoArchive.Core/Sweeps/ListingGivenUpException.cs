namespace KapsoArchive.Core.Sweeps;

/// <summary>The listing cannot be read to its end; what was read of it is kept.</summary>
/// <param name="reason">Why, in words for people; no secret.</param>
internal sealed class ListingGivenUpException(string reason) : Exception(reason);
