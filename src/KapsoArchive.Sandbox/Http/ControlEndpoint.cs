namespace KapsoArchive.Sandbox.Http;

/// <summary>Everything below <c>/sandbox/</c>: changes the sandbox's behavior while it runs, and reports statistics. Kapso has no such
/// endpoint. It needs no key, and its requests are not counted.</summary>
internal sealed class ControlEndpoint(SandboxPipeline pipeline, SandboxListings listings, SandboxMediaHost? media)
{
    public static bool Owns(PathString path) => path.StartsWithSegments("/sandbox", StringComparison.Ordinal);

    public async Task<SandboxAnswer> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        try
        {
            return Route(request, body.ToArray());
        }
        catch (FormatException wrong)
        {
            return Errors.Of(StatusCodes.Status400BadRequest, "Bad request", wrong.Message);
        }
        catch (KeyNotFoundException)
        {
            return Errors.NotFound("WhatsApp conversation");
        }
        catch (Exception conflict) when (conflict is InvalidOperationException or ArgumentException)
        {
            return Errors.Of(StatusCodes.Status409Conflict, "Conflict", conflict.Message);
        }
    }

    private SandboxAnswer Route(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        string[] path = (request.Path.Value ?? "").TrimEnd('/').Split('/')[2..];
        return (request.Method, path) switch
        {
            ("GET", ["faults"]) => Ok(pipeline.Faults.Faults),
            ("PUT", ["faults"]) => Ok(pipeline.Faults.Faults = SandboxJson.Read<SandboxFaults>(body, faults => faults.FindProblem())),
            ("PUT", ["movement"]) => Ok(listings.Movement = SandboxJson.Read<SandboxMovement>(body, movement => movement.FindProblem())),
            ("PUT", ["rate"]) => Ok(pipeline.Rate.Rate = SandboxJson.Read<SandboxRate>(body, rate => rate.FindProblem())),
            ("GET", ["stats"]) =>
                Ok(new SandboxStats(pipeline.RequestCount, pipeline.ThrottledCount, pipeline.Faults.Counts, pipeline.Rate.Log)),
            ("GET", ["media"]) when media is not null => Ok(SandboxMediaState.Of(media)),
            ("PUT", ["media"]) when media is not null => Ok(SandboxJson.Read<SandboxMediaState>(body, _ => null).Apply(media)),
            ("GET", ["media", "faults"]) when media is not null => Ok(media.Faults),
            ("PUT", ["media", "faults"]) when media is not null =>
                Ok(media.Faults = SandboxJson.Read<SandboxMediaFaults>(body, faults => faults.FindProblem())),
            ("POST", ["conversations", var id, "messages"]) => Insert(listings.Moving(id), body),
            ("DELETE", ["conversations", var id, "messages", var message]) =>
                listings.Moving(id).Delete(message) ? NoContent() : NoMessage(),
            ("PATCH", ["conversations", var id, "messages", var message]) => Update(listings.Moving(id), message, body),
            _ => Errors.NotFound("Route"),
        };
    }

    private static SandboxAnswer Insert(MovingListing listing, ReadOnlyMemory<byte> body)
    {
        var wanted = body.IsEmpty ? new NewMessage() : SandboxJson.Read<NewMessage>(body, wanted => wanted.FindProblem());
        if (wanted.Record is { } record) return Insert(listing, record);
        if (wanted.CreatedAt is { } createdAt) return Created(listing.InsertCreatedAt(createdAt));
        if (wanted.Position is not { } position) return Created(listing.InsertNewest());
        return position <= listing.Count
            ? Created(listing.InsertAt(position))
            : throw new FormatException($"position must be from 0 to {listing.Count}; it is {position}.");
    }

    private static SandboxAnswer Insert(MovingListing listing, JsonElement record)
    {
        var message = SandboxMessage.Read(Encoding.UTF8.GetBytes(record.GetRawText()), $"malformed-{Guid.NewGuid()}", listing.LastActiveAt);
        listing.Insert(message);
        return Created(message);
    }

    private static SandboxAnswer Update(MovingListing listing, string id, ReadOnlyMemory<byte> body)
    {
        string status = SandboxJson.Read<NewStatus>(body, wanted => wanted.FindProblem()).Status!;
        if (!listing.Update(id, status)) return NoMessage();
        return SandboxAnswer.OfJson(StatusCodes.Status200OK, listing.Truth.VersionsOf(id)[^1].Record.Span);
    }

    private static SandboxAnswer Ok<T>(T value) => SandboxAnswer.OfJson(StatusCodes.Status200OK, SandboxJson.Write(value));

    private static SandboxAnswer Created(SandboxMessage message) => SandboxAnswer.OfJson(StatusCodes.Status201Created, message.Record.Span);

    private static SandboxAnswer NoContent() => new(StatusCodes.Status204NoContent, new Utf8Buffer());

    private static SandboxAnswer NoMessage() => Errors.NotFound("WhatsApp message");
}

/// <summary>Counts of the sandbox's requests and answers so far.</summary>
internal sealed record SandboxStats(
    long Requests,
    long Throttled,
    IReadOnlyDictionary<SandboxFaultKind, long> Faults,
    IReadOnlyList<SandboxRateWindow> Windows);

/// <summary>A message's new status.</summary>
internal sealed record NewStatus
{
    public string? Status { get; init; }

    public string? FindProblem() => string.IsNullOrEmpty(Status) ? "status must be a text, and not empty." : null;
}

/// <summary>What can be set of the links, and how often they were requested.</summary>
internal sealed record SandboxMediaState
{
    public bool ShowsLateLinks { get; init; }

    public int Generation { get; init; }

    public bool OldLinksAreDead { get; init; }

    public long LinkRequests { get; init; }

    public long StorageRequests { get; init; }

    public static SandboxMediaState Of(SandboxMediaHost media) => new()
    {
        ShowsLateLinks = media.ShowsLateLinks,
        Generation = media.Generation,
        OldLinksAreDead = media.OldLinksAreDead,
        LinkRequests = media.LinkRequests,
        StorageRequests = media.StorageRequests,
    };

    public SandboxMediaState Apply(SandboxMediaHost media)
    {
        (media.ShowsLateLinks, media.Generation, media.OldLinksAreDead) = (ShowsLateLinks, Generation, OldLinksAreDead);
        return Of(media);
    }
}
