using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Storage.Blobs;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api;

/// <summary>Serves the files that an export's manifest names, and no others.</summary>
internal sealed class ExportFiles(ExportDesk desk, IStore store, ILogger<ApiLog> log)
{
    private const int RetrySeconds = 2;

    /// <summary>Whatever a document contains, it runs no script, sends no form, loads nothing and opens no window. It keeps this server's
    /// origin, because a browser sends no session's cookie for a link of a document without one.</summary>
    private const string DocumentPolicy = "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' "
        + "data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(15);

    /// <exception cref="ProblemException">The file does not exist, or does not exist yet.</exception>
    public async Task<IResult> OfAsync(
        HttpRequest request, string id, string path, CancellationToken cancellationToken, bool mayRedirect = true)
    {
        path = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // Generated clients escape it. The manifest decides.
        (StorePath file, string? sha256) = await desk.FileAsync(id, path, cancellationToken)
            ?? throw await WhyNotAsync(request, id, cancellationToken);
        string fileName = NameOf(path);
        return mayRedirect && await store.CreateReadLinkAsync(file, fileName, LinkLife, cancellationToken) is { } link
            ? DocumentResult.Redirect(link)
            : await StreamAsync(request, id, file, sha256, fileName, cancellationToken);
    }

    /// <summary>The name under which a browser saves the file. Every conversation has an <c>index.html</c>, so the name of a document
    /// begins with its folder's.</summary>
    private static string NameOf(string path) => path.Split('/') switch
    {
        [Datasets.MessagesHtml, var list] => $"conversations-{list}",
        [Datasets.MessagesHtml, var folder, var page] => $"{folder}-{page}",
        var segments => segments[^1],
    };

    /// <summary>Shows an HTML document of an export in the browser, from every store. Its links lead to other documents of the export, and
    /// it shows files behind messages, which are sent from here too. Any other file is sent as by <see cref="OfAsync"/>.</summary>
    /// <inheritdoc cref="OfAsync"/>
    public async Task<IResult> ShowAsync(HttpRequest request, string id, string path, CancellationToken cancellationToken)
    {
        if (!path.EndsWith(".html", StringComparison.Ordinal))
            return await OfAsync(request, id, path, cancellationToken, mayRedirect: !IsMedia(path));
        (StorePath file, _) = await desk.FileAsync(id, path, cancellationToken) ?? throw await WhyNotAsync(request, id, cancellationToken);
        Stream content = await OpenAsync(file, cancellationToken) ?? throw await WhyNotAsync(request, id, cancellationToken);
        HttpResponse response = request.HttpContext.Response;
        AnswerHeaders.Guard(response);
        response.Headers.ContentSecurityPolicy = DocumentPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Stream(content, HtmlResult.ContentType);
    }

    private async Task<IResult> StreamAsync(
        HttpRequest request, string id, StorePath file, string? sha256, string fileName, CancellationToken cancellationToken)
    {
        Stream content = await OpenAsync(file, cancellationToken) ?? throw await WhyNotAsync(request, id, cancellationToken);
        if (IsMedia(file.Name[(id.Length + 1)..]))
        {
            var media = new MessageFile("stored", null, ContentTypes.Of(fileName), content.Length, sha256, file.Name, null);
            return MediaResult.Of(request.HttpContext.Response, media, content);
        }

        AnswerHeaders.Guard(request.HttpContext.Response);
        EntityTagHeaderValue? entityTag = sha256 is { Length: 64 } && sha256.All(char.IsAsciiHexDigitLower)
            ? new EntityTagHeaderValue($"\"{sha256}\"") : null;
        return Results.Stream(content, ContentTypes.Of(fileName), fileName, entityTag: entityTag, enableRangeProcessing: true);
    }

    private static bool IsMedia(string path) => path.StartsWith($"{Datasets.MediaFiles}/", StringComparison.Ordinal);

    /// <returns>Null if the file is missing or does not belong to the export.</returns>
    private async Task<Stream?> OpenAsync(StorePath file, CancellationToken cancellationToken)
    {
        try
        {
            return await store.OpenReadAsync(file, cancellationToken);
        }
        catch (RefusedFileException e)
        {
            ApiLogs.Refused(log, e.Message);
            return null;
        }
    }

    private async Task<ProblemException> WhyNotAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        ProgressDocument? record = await desk.FindAsync(id, cancellationToken);
        if (record is null)
            return Problems.NotFound("There is no export with that id. GET /api/exports lists them.");
        if (!record.HasEnded)
            return Problems.NotReady($"Export {id} is not finished, so it has no files yet. Poll its status until it has ended.",
                new Links(request).Export(id), RetrySeconds);
        if (record.Status is RunStatus.Failed or RunStatus.Canceled)
            return Problems.NotFound($"Export {id} ended without files: {record.Status}. Export again.");
        return await desk.ManifestAsync(id, cancellationToken) is null ? Expired()
            : Problems.NotFound($"Export {id} has no such file. Its status and its manifest.json name the files that it has.");
    }

    private static ProblemException Expired() => Problems.Expired("The export has expired: its files have been deleted. Export again.");
}
