using System.Net;
using System.Net.Http.Headers;

namespace KapsoArchive.Core.Media;

/// <summary>Takes the file from an answer: into memory if it is small, else into a temporary file, with one buffer for any
/// size.</summary>
internal sealed class MediaDownload(HttpResponseMessage answer, long maxBytes, string? expectedType, MediaPatience patience)
{
    /// <summary>In bytes. A file that is smaller is kept in the buffer, a larger one is written buffer by buffer.</summary>
    public const int BufferSize = 256 * 1_024;

    private const int LongestType = 127;

    private string? DeclaredType { get; } = answer.Content.Headers.ContentType?.MediaType is { Length: <= LongestType } type
        ? type.ToLowerInvariant()
        : null;

    private long? DeclaredLength { get; } = answer.Content.Headers.ContentLength;

    /// <exception cref="MediaFailure">The answer is not a complete file.</exception>
    public async Task<MediaContent> ReadAsync(CancellationToken cancellationToken)
    {
        CheckHead();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DeclaredLength < BufferSize ? (int)DeclaredLength + 1 : BufferSize);
        FileStream? file = null;
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(patience.Token);
            int length = await FillAsync(body, buffer.AsMemory(0, Math.Min(buffer.Length, MediaType.HeadLength)), before: 0);
            if (WebPage.Is(buffer.AsSpan(0, length), DeclaredType) && !WebPage.IsType(expectedType))
                throw new MediaFailure(MediaVerdict.SignIn, "it answers with a web page in place of the file");
            MediaType type = MediaType.Of(buffer.AsSpan(0, length));
            if (length == MediaType.HeadLength)
                length += await FillAsync(body, buffer.AsMemory(length), before: length);
            if (length < buffer.Length)
            {
                CheckLength(length);
                MediaContent small = new(buffer, length, SHA256.HashData(buffer.AsSpan(0, length)), type, DeclaredType);
                buffer = [];
                return small;
            }

            file = MediaContent.CreateFile();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long total = 0;
            while (length > 0)
            {
                total += length;
                hash.AppendData(buffer, 0, length);
                await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                length = length < buffer.Length ? 0 : await FillAsync(body, buffer, before: total);
            }

            CheckLength(total);
            MediaContent large = new(file, total, hash.GetHashAndReset(), type, DeclaredType);
            file = null;
            return large;
        }
        finally
        {
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
            if (file is not null)
                await file.DisposeAsync();
        }
    }

    /// <summary>Checks what is known before the body.</summary>
    private void CheckHead()
    {
        int status = (int)answer.StatusCode;
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK:
                break;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw new MediaFailure(MediaVerdict.Gone, $"the link answers {status}");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new MediaFailure(MediaVerdict.Forbidden, $"the link answers {status}");
            default:
                throw new MediaFailure(MediaVerdict.Unavailable, $"the link answers {status}");
        }

        HttpContentHeaders headers = answer.Content.Headers;
        // Without a valid length the body would end wherever the connection does.
        if (headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues lengths)
            && (DeclaredLength is null || lengths.Count > 1))
            throw new MediaFailure(MediaVerdict.Unavailable, "the length of the answer is invalid");
        if (IsEncoded(headers.NonValidated, "Content-Encoding", "identity")
            || IsEncoded(answer.Headers.NonValidated, "Transfer-Encoding", "chunked"))
            throw new MediaFailure(MediaVerdict.Unavailable, "the answer is compressed");
        if (DeclaredLength > maxBytes)
            throw TooLarge();
    }

    private static bool IsEncoded(HttpHeadersNonValidated headers, string name, string harmless) =>
        headers.TryGetValues(name, out HeaderStringValues values)
        && values.Any(v => !v.Equals(harmless, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads until the target is full or the body ends.</summary>
    /// <returns>The number of bytes; fewer than the target has room for if the body has ended.</returns>
    private async ValueTask<int> FillAsync(Stream body, Memory<byte> target, long before)
    {
        int length = 0;
        try
        {
            while (length < target.Length)
            {
                patience.Renew();
                int read = await body.ReadAsync(target[length..], patience.Token);
                if (read == 0)
                    break;
                length += read;
                if (before + length > maxBytes)
                    throw TooLarge();
            }

            return length;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new MediaFailure(MediaVerdict.Unavailable, "the answer broke off");
        }
        catch (OperationCanceledException)
        {
            throw patience.Ended();
        }
    }

    private void CheckLength(long length)
    {
        if (length == 0)
            throw new MediaFailure(MediaVerdict.Unavailable, "the answer is empty");
        if (DeclaredLength is { } declared && declared != length)
            throw new MediaFailure(MediaVerdict.Unavailable, "the answer has not the length that it states");
    }

    private MediaFailure TooLarge() => new(MediaVerdict.TooLarge, $"it is larger than {ByteSize.Of(maxBytes)}");
}
