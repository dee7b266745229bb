namespace KapsoArchive.Core.Kapso;

/// <summary>Reads each answer to its end, within a size limit, and parses the page of a successful one. It sits inside the retries and
/// their time-out, so a stalled, truncated or malformed body is retried like a refused connection.</summary>
internal sealed class AnswerReadingHandler(KapsoOptions options, PageBudget budget) : DelegatingHandler
{
    /// <summary>Growth factor of a large page's buffer if the answer does not announce its length.</summary>
    private const int Growth = 4;

    private const int MaxErrorLength = 16 * 1024;

    /// <summary>The parsed page of a successful answer, in the options of the answer's request.</summary>
    public static readonly HttpRequestOptionsKey<Page> PageKey = new("KapsoArchive.Page");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await AskAsync(request, cancellationToken);
        try
        {
            byte[] error = [];
            if (response.IsSuccessStatusCode)
                request.Options.Set(PageKey, await ReadPageAsync(response.Content, cancellationToken));
            else
                error = await ReadErrorAsync(response.Content, cancellationToken);
            response.Content.Dispose();
            response.Content = new ByteArrayContent(error);
            response.RequestMessage = request;
            return response;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            // Thrown by the decompressing streams; neither is an IOException.
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

    private async Task<Page> ReadPageAsync(HttpContent content, CancellationToken cancellationToken)
    {
        int most = options.MaxPageMegabytes << 20;
        long? announced = content.Headers.ContentLength;
        if (announced > most)
            throw TooLarge();
        using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PageBudget.Free + 1);
        try
        {
            int length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, PageBudget.Free + 1), PageBudget.Free + 1, throwOnEndOfStream: false, cancellationToken);
            return length <= PageBudget.Free
                ? Parse(buffer.AsSpan(0, length).ToArray(), length)
                : await ReadLargeAsync(
                    body, buffer.AsMemory(0, length), (int)(announced ?? most), announced is not null, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the rest of a page, up to the limit.</summary>
    private async Task<Page> ReadLargeAsync(
        Stream body, ReadOnlyMemory<byte> begin, int most, bool isAnnounced, CancellationToken cancellationToken)
    {
        int taken = isAnnounced ? most : Math.Min(most, PageBudget.Usual);
        PageBudget.Share share = await budget.TakeAsync(taken, cancellationToken);
        try
        {
            byte[] page = GC.AllocateUninitializedArray<byte>(isAnnounced ? most : Math.Min(taken, begin.Length * Growth));
            begin.CopyTo(page);
            int length = begin.Length;
            while (true)
            {
                if (length == page.Length)
                {
                    byte[] next = new byte[1];
                    if (await body.ReadAsync(next, cancellationToken) == 0)
                        break;
                    if (length == most)
                        throw TooLarge();
                    if (length == taken)
                    {
                        share.Dispose();
                        share = await budget.TakeAsync(taken = most, cancellationToken);
                    }

                    Array.Resize(ref page, (int)Math.Min(taken, (long)length * Growth));
                    page[length++] = next[0];
                    continue;
                }

                int read = await body.ReadAsync(page.AsMemory(length), cancellationToken);
                if (read == 0)
                    break;
                length += read;
            }

            Page parsed = Parse(page, length);
            share.Attach(page, length);
            return parsed;
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private Page Parse(byte[] page, int length) =>
        PageParser.Parse(page.AsMemory(page.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length..length : ..length),
            options.MaxRecordMegabytes);

    private PageTooLargeException TooLarge() => new($"A page is larger than {options.MaxPageMegabytes} MB (Kapso:MaxPageMegabytes).");

    /// <summary>Reads the first bytes of an error's body. The rest is not needed; it may be a gateway's HTML document.</summary>
    private static async Task<byte[]> ReadErrorAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxErrorLength];
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }
}
