namespace KapsoArchive.Core.Media;

/// <summary>How a download ended.</summary>
internal enum MediaVerdict
{
    /// <summary>The file is complete.</summary>
    Arrived,

    /// <summary>The link answers 404 or 410.</summary>
    Gone,

    /// <summary>The link answers 401 or 403.</summary>
    Forbidden,

    /// <summary>An HTML page came in place of a file of another type.</summary>
    SignIn,

    /// <summary>The file is larger than allowed.</summary>
    TooLarge,

    /// <summary>The link, or one that it redirects to, is never followed: its scheme, its form or its address is not allowed.</summary>
    Refused,

    /// <summary>Anything that may pass.</summary>
    Unavailable,
}
