using KapsoArchive.Core.Inspection.Status;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api;

/// <summary>Handles the request for the newest snapshot.</summary>
public sealed class SnapshotsApi(IServiceProvider services)
{
    /// <summary><c>GET /api/snapshots/latest</c></summary>
    public Task<IResult> LatestAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        // Resolved while answering, so that a wrong setting becomes an answer.
        (string sha256, ReadOnlyMemory<byte> manifest) = await services.GetRequiredService<ArchiveStatus>()
            .LatestManifestAsync(cancellationToken)
            ?? throw Problems.NotFound("There is no snapshot yet: no run has been committed. POST /api/runs starts one.");
        AnswerHeaders.Guard(request.HttpContext.Response);
        return Results.Bytes(manifest, "application/json", entityTag: new EntityTagHeaderValue($"\"{sha256}\""));
    });
}
