using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Tests.Storage.Queues;

/// <summary>The queue of a function app, in an account of its own: an account has one queue of runs.</summary>
public sealed class QueueWakerTests : IAsyncDisposable
{
    private static readonly RunMessage Message = new("20261122T020000Z-00000001", RunKind.Export);

    private readonly AzuriteServer _account = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task A_wake_up_is_JSON_in_base64_and_never_expires()
    {
        QueueWaker waker = await WakerAsync();
        await waker.PrepareAsync(Cancellation);
        await waker.PrepareAsync(Cancellation);

        await waker.WakeAsync(Message, TimeSpan.Zero, Cancellation);

        QueueMessage raw = (await (await ClientAsync(RunMessage.QueueName)).ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        raw.MessageText.ShouldBe(Convert.ToBase64String(Encoding.UTF8.GetBytes(Message.ToJson())));
        raw.ExpiresOn.ShouldNotBeNull().Year.ShouldBeGreaterThan(DateTime.UtcNow.Year + 1);
    }

    [Fact]
    public async Task A_wake_up_for_later_stays_hidden()
    {
        QueueWaker waker = await WakerAsync();
        await waker.PrepareAsync(Cancellation);
        await waker.WakeAsync(Message, TimeSpan.FromHours(1), Cancellation);

        QueueClient client = await ClientAsync(RunMessage.QueueName);
        ((QueueMessage?)await client.ReceiveMessageAsync(cancellationToken: Cancellation)).ShouldBeNull();
        (await client.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_given_up_run_is_put_into_the_poison_queue()
    {
        await (await WakerAsync()).ReportGivenUpAsync(Message, Cancellation);

        QueueMessage raw = (await (await ClientAsync(RunMessage.PoisonQueueName)).ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        RunMessage.TryParse(Encoding.UTF8.GetString(Convert.FromBase64String(raw.MessageText))).ShouldBe(Message);
    }

    [Fact]
    public async Task A_missing_queue_is_named() =>
        (await Should.ThrowAsync<StoreException>((await WakerAsync()).WakeAsync(Message, TimeSpan.Zero, Cancellation))).Message
            .ShouldMatch("^Azure answered 404 QueueNotFound: http://.*/archive-runs does not exist\\.");

    [Fact]
    public async Task A_wrong_key_is_reported_without_any_secret()
    {
        const string wrong = "d3Jvbmcga2V5IHRoYXQgbm9ib2R5IG1heSBzZWU=";
        string right = await _account.ConnectionStringAsync(Cancellation);
        string connection = string.Join(';', right.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={wrong}" : part));

        StoreException exception = await Should.ThrowAsync<StoreException>(QueueWaker.FromConnectionString(connection).PrepareAsync(Cancellation));

        exception.Message.ShouldContain("403");
        exception.Message.ShouldContain("/archive-runs. Check the credentials, that they have the role 'Storage Queue Data Contributor'");
        exception.ToString().ShouldNotContain(wrong);
    }

    [Fact]
    public async Task An_unreachable_account_is_named()
    {
        QueueClientOptions options = new() { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1) } };
        QueueWaker nobody = new(new QueueServiceClient(new Uri("http://127.0.0.1:1/account?sig=c2VjcmV0"), options));

        StoreException exception = await Should.ThrowAsync<StoreException>(nobody.PrepareAsync(Cancellation));

        exception.Message.ShouldStartWith("http://127.0.0.1:1/account/archive-runs cannot be reached");
    }

    [Theory]
    [InlineData("not a connection string")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cret!")]
    [InlineData("BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=2026-02-06&ss=b&srt=sco&sp=rw&sig=s3cret")]
    public void A_connection_string_without_a_queue_is_not_repeated(string connectionString)
    {
        SettingException exception = Should.Throw<SettingException>(() => Open(("AzureWebJobsStorage", connectionString)));

        exception.ToString().ShouldNotContain("s3cret");
        exception.Message.ShouldStartWith("AzureWebJobsStorage: The connection string");
    }

    [Fact]
    public void An_identity_connects_only_over_https() =>
        Should.Throw<SettingException>(() => Open(("AzureWebJobsStorage:queueServiceUri", "http://account.queue.core.windows.net"))).Message.ShouldContain("must start with https");

    [Fact]
    public void The_hosts_account_is_found_in_the_hosts_way()
    {
        Open(("AzureWebJobsStorage", "UseDevelopmentStorage=true")).ShouldBeOfType<QueueWaker>();
        Open(("AzureWebJobsStorage:accountName", "account"), ("AzureWebJobsStorage:clientId", "00000000-0000-4000-8000-000000000000")).ShouldBeOfType<QueueWaker>();
        Should.Throw<SettingException>(() => Open()).Message.ShouldStartWith("AzureWebJobsStorage is missing.");
    }

    private static IWaker Open(params (string Name, string Value)[] settings) => WakerOpener.OpenForFunctions(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());

    private async Task<QueueWaker> WakerAsync() => QueueWaker.FromConnectionString(await _account.ConnectionStringAsync(Cancellation));

    private async Task<QueueClient> ClientAsync(string name) => new(await _account.ConnectionStringAsync(Cancellation), name);
}
