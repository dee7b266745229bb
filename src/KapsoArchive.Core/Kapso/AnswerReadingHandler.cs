using System.Buffers;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Reads each answer to its end, bounded, and parses the page that a successful one holds. It stands below retries and their time-out, so that a stalled, cut off or foreign body
/// is retried as a refused connection is.
/// </summary>
internal sealed class AnswerReadingHandler : DelegatingHandler
{
    /// <summary>Bytes, after decompression. A page of 100 ordinary records has some 60 KB.</summary>
    public const int MaxBodyLength = 64 * 1024 * 1024;

    private const int MaxErrorLength = 16 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await AskAsync(request, cancellationToken);
        try
        {
            HttpContent read = response.IsSuccessStatusCode
                ? new PageContent(await ReadPageAsync(response.Content, cancellationToken))
                : new ByteArrayContent(await ReadErrorAsync(response.Content, cancellationToken));
            response.Content.Dispose();
            response.Content = read;
            return response;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            // What the decompressing streams throw; neither is an IOException.
            response.Dispose();
            throw new UnexpectedAnswerException("The answer's compression is broken or cut off.", e);
        }
        catch (HttpIOException e) when (UnquotedAnswers.Quotes(e.HttpRequestError))
        {
            response.Dispose();
            throw new HttpIOException(e.HttpRequestError, UnquotedAnswers.Words);
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (UnquotedAnswers.Quotes(e.HttpRequestError))
        {
            throw new HttpRequestException(e.HttpRequestError, UnquotedAnswers.Words);
        }
    }

    private static async Task<Page> ReadPageAsync(HttpContent content, CancellationToken cancellationToken)
    {
        long? announced = content.Headers.ContentLength;
        if (announced > MaxBodyLength)
            throw new PageTooLargeException();
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(announced + 1 ?? 0, 128 * 1024));
        try
        {
            using Stream body = await content.ReadAsStreamAsync(cancellationToken);
            int length = 0;
            while (true)
            {
                int read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    return PageParser.Parse(WithoutByteOrderMark(buffer.AsSpan(0, length)).ToArray());
                length += read;
                if (length > MaxBodyLength)
                    throw new PageTooLargeException();
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The beginning of an error's body, which is all that is of use; it may be a gateway's HTML page.</summary>
    private static async Task<byte[]> ReadErrorAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxErrorLength];
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MaxBodyLength + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) => body is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : body;
}
