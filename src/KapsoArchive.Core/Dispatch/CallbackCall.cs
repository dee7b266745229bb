using KapsoArchive.Core.Network;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Sends one signed callback.</summary>
internal sealed class CallbackCall(IHttpClientFactory clients, string secret)
{
    public const string ClientName = "Callbacks";

    /// <summary>Its value is <c>t=SECONDS,v1=HEX</c>: the time of the attempt in Unix seconds, and HMAC-SHA256 of
    /// <c>SECONDS.BODY</c>.</summary>
    private const string SignatureHeader = "Kapso-Archive-Signature";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <returns>Why it was not accepted, without anything that the receiver sent; null if it was.</returns>
    public async Task<string?> TrySendAsync(Uri url, byte[] body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(SignatureHeader, Signature(body, now.ToUnixTimeSeconds()));
        using HttpClient client = clients.CreateClient(ClientName);
        try
        {
            using HttpResponseMessage answer =
                await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.IsSuccessStatusCode ? null : $"the receiver answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is AddressRefusedException ? "its host has an address that is not public"
                : $"the receiver cannot be reached ({e.HttpRequestError})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the receiver did not answer within {Patience.TotalSeconds:0} seconds";
        }
    }

    private string Signature(byte[] body, long seconds)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")), .. body];
        string hex = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={hex}");
    }
}
