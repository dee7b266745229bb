using System.Collections.Concurrent;

namespace KapsoArchive.Sandbox;

/// <summary>Serves the files behind the records' links. A link needs no key and redirects to a storage service on a port of its own.
/// Neither counts as a request of the API. Thread-safe.</summary>
public sealed class SandboxMediaHost
{
    private const ulong DuplicateSalt = 0xD0B1E;

    private readonly ConcurrentDictionary<ulong, SandboxMediaRequests> _requests = new();
    private readonly BlobLinks _links;
    private readonly SandboxListings _listings;
    private readonly MediaDice _dice;
    private readonly MediaEndpoint _endpoint;
    private readonly Dictionary<ulong, long> _bytesOf;

    internal SandboxMediaHost(SandboxOptions options, BlobLinks links, SandboxListings listings, TimeProvider time)
    {
        (_links, _listings) = (links, listings);
        _dice = new MediaDice(links.Options.Faults);
        _endpoint = new MediaEndpoint(options, links, _dice, time);
        _bytesOf = links.Options.BytesOf.ToDictionary(pair => BlobLink.SignatureOf(pair.Key), pair => pair.Value);
    }

    /// <summary>The faults from the next request on. Setting them forgets how often a link has failed.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxMediaFaults Faults
    {
        get => _dice.Faults;
        set => _dice.Faults = value.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    }

    /// <summary>Whether late links are shown. Conversations that can move keep the links that they have.</summary>
    public bool ShowsLateLinks
    {
        get => _links.ShowsLateLinks;
        set => _links.ShowsLateLinks = value;
    }

    /// <summary>How often all links have been signed anew. Conversations that can move keep the links that they have.</summary>
    public int Generation
    {
        get => _links.Generation;
        set => _links.Generation = value;
    }

    /// <summary>Whether links of earlier generations answer 404, as after a change of the secret that signs them.</summary>
    public bool OldLinksAreDead { get; set; }

    /// <summary>The requests for links so far.</summary>
    public long LinkRequests => _requests.Values.Sum(requests => requests.Links);

    /// <summary>The requests to the storage service so far.</summary>
    public long StorageRequests => _requests.Values.Sum(requests => requests.Storage);

    /// <summary>The requests for a message's file so far.</summary>
    public SandboxMediaRequests RequestsOf(string messageId) =>
        _requests.GetValueOrDefault(BlobLink.SignatureOf(messageId)) ?? new(0, 0);

    /// <summary>A working link for any message, also an invented one.</summary>
    /// <param name="messageId">Decides the file's content.</param>
    /// <param name="fileName">Its extension decides the format: jpeg, png, webp, ogg, mp3, mp4, pdf, vcf, svg, html or bin.</param>
    /// <param name="generation">Links of all generations lead to the same file.</param>
    public Uri LinkOf(string messageId, string fileName, int generation = 0) =>
        new(_links.Write(new BlobLink(BlobLink.SignatureOf(messageId), generation, fileName)));

    /// <summary>The truth about the file behind a link, whatever its faults; null for an unknown link.</summary>
    public SandboxFile? FileOf(Uri link) =>
        BlobLink.TryRead(Uri.UnescapeDataString(link.AbsolutePath), out var read) && Find(read) is { } file
            ? new SandboxFile(file.ContentType, file.Length, file.Sha256())
            : null;

    /// <summary>Every message that is listed now and has a link. The files are generated and hashed while they are enumerated.</summary>
    public IEnumerable<SandboxAttachment> Attachments()
    {
        foreach (var (conversationId, record) in _listings.Records())
        {
            var json = JsonElement.Parse(record.Span);
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("media_url"u8, out var value)) continue;
            if (value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var link)
                && FileOf(link) is { } file)
                yield return new SandboxAttachment(conversationId, json.GetProperty("id"u8).GetString()!, link, file);
        }
    }

    internal bool Owns(HttpContext context) =>
        IsStorage(context) || context.Request.Path.StartsWithSegments(BlobLink.Blobs.TrimEnd('/'), StringComparison.Ordinal);

    internal async Task HandleAsync(HttpContext context)
    {
        bool isStorage = IsStorage(context);
        if (!BlobLink.TryRead(context.Request.Path.Value ?? "", out var link) || Find(link) is not { } file
            || (!isStorage && OldLinksAreDead && link.Generation < Generation))
        {
            await MediaEndpoint.RefuseAsync(context.Response, StatusCodes.Status404NotFound, "BlobNotFound");
            return;
        }
        var one = isStorage ? new SandboxMediaRequests(0, 1) : new SandboxMediaRequests(1, 0);
        _requests.AddOrUpdate(link.Signature, one, (_, others) => new(others.Links + one.Links, others.Storage + one.Storage));
        try
        {
            await _endpoint.AnswerAsync(context, link, file, isStorage);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up or the sandbox is stopping.
            context.Abort();
        }
    }

    private bool IsStorage(HttpContext context) => context.Connection.LocalPort == _links.StorageHost.Port;

    private MediaFile? Find(BlobLink link)
    {
        if (MediaFormat.Find(link.FileName) is not { } format) return null;
        ulong bits = Scramble.Bits(link.Signature, DuplicateSalt);
        bool isShared = Scramble.Fraction(bits) < _links.Options.Duplicates;
        return new MediaFile(format, isShared ? Scramble.Bits(bits % 4) : link.Signature,
            _bytesOf.GetValueOrDefault(link.Signature, _links.Options.Bytes));
    }
}
