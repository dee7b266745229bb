using System.Net;

namespace KapsoArchive.Core.Media;

/// <summary>Decides which links are followed: https, and http to this machine if the source is on it too. The address behind a name is
/// checked when connecting.</summary>
internal static class MediaLink
{
    /// <summary>The longest link that is followed, in characters.</summary>
    public const int MaxLength = 8_192;

    /// <exception cref="MediaFailure">It is never followed.</exception>
    public static Uri Of(string link, bool allowsThisMachine)
    {
        CheckText(link);
        return Uri.TryCreate(link, UriKind.Absolute, out Uri? place) ? Check(place, allowsThisMachine) : throw Refused("it is not a link");
    }

    /// <summary>Where a redirect leads.</summary>
    /// <param name="location">As the answer has it; null if absent or unreadable.</param>
    /// <exception cref="MediaFailure">It leads nowhere, or to a place that is never followed.</exception>
    public static Uri After(Uri place, string? location, bool allowsThisMachine)
    {
        if (location is not null)
            CheckText(location);
        if (location is null || !Uri.TryCreate(place, location, out Uri? next))
            throw new MediaFailure(MediaVerdict.Unavailable, "it redirects to no readable address");
        if (place.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
            throw Refused("it leads from https to http");
        return Check(next, allowsThisMachine);
    }

    private static void CheckText(string link)
    {
        if (link.Length > MaxLength)
            throw Refused("the link is too long");
        if (link.Any(char.IsControl))
            throw Refused("the link contains control characters");
    }

    private static Uri Check(Uri place, bool allowsThisMachine)
    {
        if (place.Scheme != Uri.UriSchemeHttps && !(allowsThisMachine && place.Scheme == Uri.UriSchemeHttp && NamesThisMachine(place)))
            throw Refused("it does not lead to an https address");
        if (place.UserInfo.Length > 0)
            throw Refused("the link contains a user name");
        return place;
    }

    private static bool NamesThisMachine(Uri place) =>
        IPAddress.TryParse(place.IdnHost, out IPAddress? address) ? IPAddress.IsLoopback(address) : place.IdnHost == "localhost";

    private static MediaFailure Refused(string reason) => new(MediaVerdict.Refused, reason);
}
