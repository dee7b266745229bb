using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Answers requests for links, and those to the storage service behind them.</summary>
internal sealed class MediaEndpoint(SandboxOptions options, BlobLinks links, MediaDice dice, TimeProvider time)
{
    private static readonly string[] PrivateAddresses =
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/",
        "http://[fd00::1]/", "http://[fe80::1]/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "http://224.0.0.1/", "http://192.0.2.1/",
    ];

    private readonly byte[] _secret = BitConverter.GetBytes(options.Seed);

    public async Task AnswerAsync(HttpContext context, BlobLink link, MediaFile file, bool isStorage)
    {
        var faults = dice.Faults;
        int redirects = faults.Redirects;
        if (isStorage && !IsSigned(context.Request, link, out redirects))
        {
            await RefuseAsync(context.Response, StatusCodes.Status403Forbidden, "AuthenticationFailed");
            return;
        }
        var fault = faults.AtLink != isStorage && (redirects == 0 || !isStorage) ? dice.Roll(link) : null;
        if (fault == SandboxMediaFaultKind.Slow)
        {
            await Task.Delay(TimeSpan.FromSeconds(faults.SlowSeconds), time, context.RequestAborted);
            fault = null;
        }
        if (fault is null && redirects > 0) context.Response.Redirect(Sign(link, redirects - 1));
        else await AnswerAsync(context, link, file, fault);
    }

    public static async Task RefuseAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        response.ContentType = "application/xml";
        await response.WriteAsync(
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code></Error>", response.HttpContext.RequestAborted);
    }

    private Task AnswerAsync(HttpContext context, BlobLink link, MediaFile file, SandboxMediaFaultKind? fault)
    {
        var response = context.Response;
        switch (fault)
        {
            case SandboxMediaFaultKind.NotFound: return RefuseAsync(response, StatusCodes.Status404NotFound, "BlobNotFound");
            case SandboxMediaFaultKind.Gone: return RefuseAsync(response, StatusCodes.Status410Gone, "BlobGone");
            case SandboxMediaFaultKind.Forbidden: return RefuseAsync(response, StatusCodes.Status403Forbidden, "AuthorizationFailure");
            case SandboxMediaFaultKind.Unavailable:
                response.Headers.RetryAfter = "1";
                return RefuseAsync(response, StatusCodes.Status503ServiceUnavailable, "ServerBusy");
            case SandboxMediaFaultKind.RedirectLoop:
                response.Redirect($"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}");
                return Task.CompletedTask;
            case SandboxMediaFaultKind.RedirectToPrivate:
                response.Redirect(dice.Faults.PrivateAddress ?? PrivateAddresses[Scramble.Below(link.Signature, PrivateAddresses.Length)]);
                return Task.CompletedTask;
            case SandboxMediaFaultKind.HtmlInstead:
                response.ContentType = "text/html; charset=utf-8";
                return response.WriteAsync("<!doctype html><title>Sign in</title><form><input name=email></form>", context.RequestAborted);
            case SandboxMediaFaultKind.BrokenConnection:
                context.Abort();
                return Task.CompletedTask;
            case SandboxMediaFaultKind.LongerThanDeclared: return SendLongerAsync(context, file);
            default: return SendAsync(context, link, file, fault);
        }
    }

    private static async Task SendAsync(HttpContext context, BlobLink link, MediaFile file, SandboxMediaFaultKind? fault)
    {
        var (response, cancellationToken) = (context.Response, context.RequestAborted);
        bool isPdf = file.ContentType == "application/pdf";
        response.ContentType = fault == SandboxMediaFaultKind.WrongType ? (isPdf ? "image/png" : "application/pdf") : file.ContentType;
        response.Headers.ETag = $"\"0x{Scramble.Bits(link.Signature, (ulong)file.Length):X16}\"";
        if (fault is not (SandboxMediaFaultKind.Undeclared or SandboxMediaFaultKind.Endless)) response.ContentLength = file.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;

        bool isHalf = fault is SandboxMediaFaultKind.Truncated or SandboxMediaFaultKind.Stalled;
        long left = isHalf ? file.Length / 2 : file.Length;
        foreach (var chunk in file.Chunks())
        {
            await response.BodyWriter.WriteAsync(chunk[..(int)Math.Min(chunk.Length, left)], cancellationToken);
            left -= Math.Min(chunk.Length, left);
        }
        if (fault == SandboxMediaFaultKind.Stalled) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        byte[] more = new byte[64 * 1024];
        while (fault == SandboxMediaFaultKind.Endless) await response.BodyWriter.WriteAsync(more, cancellationToken);
    }

    /// <summary>Writes past Kestrel, which would not send more than was announced.</summary>
    private static async Task SendLongerAsync(HttpContext context, MediaFile file)
    {
        var wire = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
        string head = $"HTTP/1.1 200 OK\r\nContent-Type: {file.ContentType}\r\nContent-Length: {file.Length / 2}\r\n\r\n";
        await wire.WriteAsync(Encoding.ASCII.GetBytes(head), context.RequestAborted);
        foreach (var chunk in file.Chunks()) await wire.WriteAsync(chunk, context.RequestAborted);
        // An abort may lose what was sent, so the client closes first, or has had its time.
        await Task.Delay(TimeSpan.FromSeconds(2), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private string Sign(BlobLink link, int redirects)
    {
        string expires = (time.GetUtcNow() + links.Options.LinkLife).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{links.StorageHost.GetLeftPart(UriPartial.Authority)}{link.StoragePath}?expires={expires}&redirects={redirects}"
            + $"&signature={Signature(link, expires, $"{redirects}")}";
    }

    private bool IsSigned(HttpRequest request, BlobLink link, out int redirects)
    {
        string expires = request.Query["expires"].ToString();
        bool isValid = int.TryParse(request.Query["redirects"].ToString(), CultureInfo.InvariantCulture, out redirects)
            && request.Query["signature"] == Signature(link, expires, $"{redirects}");
        return isValid && time.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(expires, CultureInfo.InvariantCulture);
    }

    private string Signature(BlobLink link, string expires, string redirects) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{link.StoragePath}\n{expires}\n{redirects}")));
}
