using KapsoArchive.Core.Messages;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api.Answers;

/// <summary>Sends a file that a stranger sent. A browser shows pictures, sound and film, and saves everything else. Nothing in the file
/// runs.</summary>
internal static class MediaResult
{
    private const string Policy = "sandbox; default-src 'none'";

    /// <summary>Lets a browser that opens a recording by itself fetch its parts from here, with the session's cookie.</summary>
    private const string PlayerPolicy = "sandbox allow-same-origin; default-src 'none'; media-src 'self'";

    /// <param name="file">A stored one.</param>
    /// <param name="content">Seekable. The answer disposes it.</param>
    public static IResult Of(HttpResponse response, MessageFile file, Stream content)
    {
        bool isShown = file.IsPicture || file.IsSound || file.IsFilm;
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.SavedName);
        response.Headers.CacheControl = AnswerHeaders.Private; // The address has the hash: a copy in the browser is never outdated.
        AnswerHeaders.Guard(response);
        response.Headers.ContentSecurityPolicy = file.IsSound || file.IsFilm ? PlayerPolicy : Policy;
        response.Headers.ContentDisposition = disposition.ToString();
        return Results.Stream(
            content, isShown || file.Type == "application/pdf" ? file.Type : "application/octet-stream",
            entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }
}
