using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Storage;

public sealed class BlobReadLinkTests(AzuriteServer azurite)
{
    private static readonly StorePath Part = new(StoreArea.Exports, "20261122T020000Z-0123abcd/messages/part 1.parquet");
    private static readonly StorePath Other = new(StoreArea.Exports, "20261122T020000Z-0123abcd/messages/part 2.parquet");
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_reads_the_files_bytes_and_gives_them_a_name()
    {
        BlobStore store = await PrepareAsync();
        await store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation);
        using HttpClient browser = new();

        Uri link = await LinkAsync(store, "São \"Paulo\".parquet");
        using HttpResponseMessage answer = await browser.GetAsync(link, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe("rows");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentDisposition.FileName!.Trim('"').ShouldBe("S_o _Paulo_.parquet");
        answer.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("São \"Paulo\".parquet");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apache.parquet");
    }

    [Fact]
    public async Task A_link_reads_no_other_file_and_changes_nothing()
    {
        BlobStore store = await PrepareAsync();
        await store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation);
        await store.CreateAsync(Other, "other rows"u8.ToArray(), Cancellation);
        using HttpClient browser = new();
        Uri link = await LinkAsync(store);

        foreach (HttpRequestMessage request in Abuses(link))
        {
            using (request)
            using (HttpResponseMessage answer = await browser.SendAsync(request, Cancellation))
                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{request.Method} {request.RequestUri!.AbsolutePath}");
        }

        (await store.ReadAsync(Part, Cancellation)).ShouldNotBeNull().Content.ToArray().ShouldBe("rows"u8.ToArray());
    }

    [Fact]
    public async Task A_link_expires_on_time_and_starts_five_minutes_early()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName(), _clock);

        Dictionary<string, string> query = Query(await LinkAsync(store));

        query["sp"].ShouldBe("r");
        query["sr"].ShouldBe("b");
        Instant(query["se"]).ShouldBe(Now + Life);
        Instant(query["st"]).ShouldBe(Now - TimeSpan.FromMinutes(5));
        query["spr"].ShouldBe("https,http", "the emulator speaks http");
        query["rscd"].ShouldBe("attachment; filename=\"part.parquet\"");
    }

    [Fact]
    public async Task A_link_into_an_account_works_over_https_only()
    {
        BlobStore store = BlobStore.FromConnectionString("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", "archive");

        Uri link = await LinkAsync(store);

        link.Scheme.ShouldBe("https");
        Query(link)["spr"].ShouldBe("https");
        link.Query.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public async Task An_identity_signs_links_with_one_key_until_the_key_expires()
    {
        using AnsweringTransport azure = new(KeyForAsync);
        BlobStore store = WithIdentity(azure);

        Dictionary<string, string> first = Query(await LinkAsync(store));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Dictionary<string, string> second = Query(await LinkAsync(store));
        azure.Asked.ShouldHaveSingleItem().Query.ShouldContain("comp=userdelegationkey");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Dictionary<string, string> third = Query(await LinkAsync(store));

        azure.Asked.Count.ShouldBe(2);
        foreach (Dictionary<string, string> query in (Dictionary<string, string>[])[first, second, third])
        {
            query["skoid"].ShouldBe("11111111-1111-1111-1111-111111111111");
            query["sktid"].ShouldBe("22222222-2222-2222-2222-222222222222");
            query["spr"].ShouldBe("https");
            query["sp"].ShouldBe("r");
            query["sr"].ShouldBe("b");
            Instant(query["ske"]).ShouldBeGreaterThan(Instant(query["se"]));
            Instant(query["skt"]).ShouldBeLessThanOrEqualTo(Instant(query["st"]));
        }
        Instant(second["se"]).ShouldBe(Now + TimeSpan.FromMinutes(59) + Life);
    }

    [Fact]
    public async Task An_identity_without_a_key_learns_which_role_it_lacks()
    {
        using AnsweringTransport azure = new(_ => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.Forbidden) { Headers = { { "x-ms-error-code", "AuthorizationPermissionMismatch" } } }));

        StoreException exception = await Should.ThrowAsync<StoreException>(LinkAsync(WithIdentity(azure)));

        exception.Message.ShouldStartWith("Azure answered 403 AuthorizationPermissionMismatch: https://account.blob.core.windows.net/ gave no key to sign read links with.");
        exception.Message.ShouldContain("'Storage Blob Delegator'");
        exception.Message.ShouldContain("on the storage account itself");
    }

    [Fact]
    public async Task A_connection_string_without_a_key_cannot_make_links_and_says_why()
    {
        BlobStore store = BlobStore.FromConnectionString("BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=2026-02-06&ss=b&srt=sco&sp=rw&sig=c2VjcmV0", "archive");

        StoreException exception = await Should.ThrowAsync<StoreException>(LinkAsync(store));

        exception.Message.ShouldStartWith("No read link can be made at https://account.blob.core.windows.net/: the connection string contains a shared access signature");
        exception.Message.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public async Task A_folder_has_no_links()
    {
        using TemporaryFolder folder = new();

        (await new FolderStore(folder.Path).CreateReadLinkAsync(Part, "part.parquet", Life, Cancellation)).ShouldBeNull();
    }

    private static async Task<Uri> LinkAsync(BlobStore store, string fileName = "part.parquet") =>
        (await store.CreateReadLinkAsync(Part, fileName, Life, Cancellation)).ShouldNotBeNull();

    private static IEnumerable<HttpRequestMessage> Abuses(Uri link)
    {
        yield return new HttpRequestMessage(HttpMethod.Get, link.AbsoluteUri.Replace("part%201", "part%202", StringComparison.Ordinal));
        yield return new HttpRequestMessage(HttpMethod.Put, link) { Content = new StringContent("mine"), Headers = { { "x-ms-blob-type", "BlockBlob" } } };
        yield return new HttpRequestMessage(HttpMethod.Delete, link);
    }

    private static Dictionary<string, string> Query(Uri link)
    {
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(link.Query);
        return query.AllKeys.ToDictionary(key => key!, key => query[key]!);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What Azure answers, with the times that were asked for.</summary>
    private static async Task<HttpResponseMessage> KeyForAsync(HttpRequestMessage request)
    {
        string asked = await request.Content!.ReadAsStringAsync(Cancellation);
        string start = asked.Split("<Start>")[1].Split("</Start>")[0];
        string expiry = asked.Split("<Expiry>")[1].Split("</Expiry>")[0];
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                $"""
                <?xml version="1.0" encoding="utf-8"?>
                <UserDelegationKey><SignedOid>11111111-1111-1111-1111-111111111111</SignedOid><SignedTid>22222222-2222-2222-2222-222222222222</SignedTid>
                <SignedStart>{start}</SignedStart><SignedExpiry>{expiry}</SignedExpiry><SignedService>b</SignedService><SignedVersion>2026-02-06</SignedVersion><Value>c2VjcmV0</Value></UserDelegationKey>
                """,
                Encoding.UTF8,
                "application/xml"),
        };
    }

    private BlobStore WithIdentity(AnsweringTransport azure)
    {
        TokenCredential identity = DelegatedTokenCredential.Create((_, _) => new AccessToken("token", DateTimeOffset.MaxValue));
        BlobClientOptions options = new() { Transport = new HttpClientTransport(azure), Retry = { MaxRetries = 0 } };
        return new BlobStore(new BlobServiceClient(new Uri("https://account.blob.core.windows.net"), identity, options), "archive", _clock);
    }

    private async Task<BlobStore> PrepareAsync()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await store.PrepareAsync(Cancellation);
        return store;
    }
}
