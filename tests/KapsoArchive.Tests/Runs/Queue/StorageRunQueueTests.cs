using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using KapsoArchive.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Runs.Queue;

public sealed class StorageRunQueueTests(AzuriteServer azurite) : RunQueueContract
{
    /// <summary>How long a message in hand is its holder's without a renewal, and how often it is renewed.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Third = TimeSpan.FromSeconds(20);

    private readonly string _name = azurite.NewContainerName();

    protected override TimeProvider Clock => TimeProvider.System;

    [Fact]
    public async Task A_message_is_JSON_in_base64_and_never_expires()
    {
        await SendAsync(First);

        PeekedMessage raw = await (await ClientAsync()).PeekMessageAsync(Cancellation);

        raw.MessageText.ShouldBe(Convert.ToBase64String(Encoding.UTF8.GetBytes(First.ToJson())));
        raw.ExpiresOn.ShouldNotBeNull().Year.ShouldBeGreaterThan(DateTime.UtcNow.Year + 1);
    }

    [Fact]
    public async Task What_is_no_message_does_not_stand_in_the_way_of_the_next()
    {
        QueueClient client = await ClientAsync();
        string[] garbage = ["not base64 <&> at all", Base64("no JSON"), Base64("{}"), Base64("null"), Convert.ToBase64String([0xff, 0xfe]), First.ToJson()];
        foreach (string text in garbage)
            await client.SendMessageAsync(text, Cancellation);
        await SendAsync(First);

        for (int i = 0; i < garbage.Length; i++)
        {
            await using RunDelivery delivery = await Queue.ReceiveAsync(Cancellation);
            delivery.Message.ShouldBeNull(garbage[i]);
            await delivery.CompleteAsync(Cancellation);
        }
        await using RunDelivery next = await Queue.ReceiveAsync(Cancellation);
        next.Message.ShouldBe(First);
    }

    [Fact]
    public async Task A_holder_that_renews_keeps_the_message_beyond_its_term()
    {
        using InterceptedTransport transport = new();
        Channel<TimeSpan> renewals = Channel.CreateUnbounded<TimeSpan>();
        transport.Answered = answer =>
        {
            if (answer.RequestMessage!.Method == HttpMethod.Put)
                renewals.Writer.TryWrite(DateTimeOffset.Parse(answer.Headers.GetValues("x-ms-time-next-visible").Single(), CultureInfo.InvariantCulture) - answer.Headers.Date!.Value);
        };
        WaitingClock clock = new(attemptTimeout: TimeSpan.Zero);
        StorageRunQueue queue = new(await ClientAsync(transport), clock);
        await SendAsync(First);
        RunDelivery delivery = await queue.ReceiveAsync(Cancellation);
        await using (delivery)
        {
            await PauseAsync(Third);
            // Every third of the term: the fourth comes after its end. From each the service counts a whole term, by its own clock.
            for (int renewal = 0; renewal < 4; renewal++)
            {
                clock.Advance(Third);
                (await renewals.Reader.ReadAsync(Cancellation)).ShouldBe(Term, TimeSpan.FromSeconds(1));
                await PauseAsync(Term);
                await PauseAsync(Third);
            }

            ((QueueMessage?)await (await ClientAsync()).ReceiveMessageAsync(cancellationToken: Cancellation)).ShouldBeNull();
            delivery.Lost.IsCancellationRequested.ShouldBeFalse();
        }

        await using RunDelivery again = await Queue.ReceiveAsync(Cancellation);
        again.Message.ShouldBe(First, "a renewal leaves the text as it is");
        again.Attempt.ShouldBe(2);

        async Task PauseAsync(TimeSpan length)
        {
            while (await clock.NextWaitAsync(Cancellation) != length)
            {
            }
        }
    }

    [Fact]
    public async Task A_holder_whose_message_was_taken_learns_it_at_his_next_renewal_and_ends_it_without_harm()
    {
        FakeTimeProvider clock = new();
        StorageRunQueue queue = new(await ClientAsync(), clock);
        await SendAsync(First);
        await using RunDelivery delivery = await queue.ReceiveAsync(Cancellation);
        await (await ClientAsync()).ClearMessagesAsync(Cancellation);

        clock.Advance(Third);

        await Should.ThrowAsync<OperationCanceledException>(Task.Delay(Timeout.InfiniteTimeSpan, delivery.Lost).WaitAsync(Cancellation));
        await delivery.CompleteAsync(Cancellation);
    }

    [Fact]
    public async Task A_message_that_is_done_with_while_it_is_renewed_is_gone()
    {
        using InterceptedTransport transport = new();
        TaskCompletionSource renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.After = async (request, cancellationToken) =>
        {
            if (request.Method == HttpMethod.Put && renewed.TrySetResult())
                await answered.Task.WaitAsync(cancellationToken);
        };
        FakeTimeProvider clock = new();
        StorageRunQueue queue = new(await ClientAsync(transport), clock);
        await SendAsync(First);
        await using RunDelivery delivery = await queue.ReceiveAsync(Cancellation);
        clock.Advance(Third);
        await renewed.Task.WaitAsync(Cancellation);

        Task completing = delivery.CompleteAsync(Cancellation);
        for (int i = 0; i < 20; i++)
            await Task.Run(() => { }, Cancellation); // Whatever a cancellation would set going goes first.
        answered.SetResult();
        await completing;

        (await (await ClientAsync()).GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_another_has_by_now_stays_his()
    {
        // The first holder's machine slept: the clock of its renewals stands still.
        StorageRunQueue sleeping = new(await ClientAsync(), new FakeTimeProvider(), TimeSpan.FromSeconds(1));
        await SendAsync(First);
        await using RunDelivery former = await sleeping.ReceiveAsync(Cancellation);
        await using RunDelivery present = await Queue.ReceiveAsync(Cancellation);

        await former.CompleteAsync(Cancellation);
        await former.DisposeAsync();

        present.Attempt.ShouldBe(2);
        await present.RetryAsync(TimeSpan.Zero, Cancellation);
        await using RunDelivery next = await Queue.ReceiveAsync(Cancellation);
        next.Attempt.ShouldBe(3);
    }

    [Fact]
    public async Task A_queue_that_is_missing_is_named()
    {
        StorageRunQueue missing = new(new QueueClient(await azurite.ConnectionStringAsync(Cancellation), "missing"));

        (await Should.ThrowAsync<StoreException>(missing.ReceiveAsync(Cancellation))).Message.ShouldMatch("^Azure answered 404 QueueNotFound: http://.*/missing does not exist\\.");
        (await Should.ThrowAsync<StoreException>(missing.SendAsync(First, TimeSpan.Zero, Cancellation))).Message.ShouldContain("/missing does not exist");
    }

    [Fact]
    public async Task A_wrong_key_is_reported_without_any_secret()
    {
        const string wrong = "d3Jvbmcga2V5IHRoYXQgbm9ib2R5IG1heSBzZWU=";
        string right = await azurite.ConnectionStringAsync(Cancellation);
        string connection = string.Join(';', right.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={wrong}" : part));

        StoreException exception = await Should.ThrowAsync<StoreException>(StorageRunQueue.FromConnectionString(connection).PrepareAsync(Cancellation));

        exception.Message.ShouldContain("403");
        exception.Message.ShouldContain("/archive-runs. Check the credentials, that they hold the role 'Storage Queue Data Contributor'");
        exception.ToString().ShouldNotContain(wrong);
    }

    [Fact]
    public async Task An_account_that_cannot_be_reached_is_named()
    {
        QueueClientOptions options = new() { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1) } };
        StorageRunQueue nobody = new(new QueueClient(new Uri("http://127.0.0.1:1/account/archive-runs?sig=c2VjcmV0"), options));

        StoreException exception = await Should.ThrowAsync<StoreException>(nobody.PrepareAsync(Cancellation));

        exception.Message.ShouldStartWith("http://127.0.0.1:1/account/archive-runs cannot be reached");
    }

    [Theory]
    [InlineData("not a connection string")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cret!")]
    [InlineData("BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=2026-02-06&ss=b&srt=sco&sp=rw&sig=s3cret")]
    public void A_connection_string_that_names_no_queue_is_not_repeated(string connectionString)
    {
        StoreException exception = Should.Throw<StoreException>(() => StorageRunQueue.FromConnectionString(connectionString));

        exception.ToString().ShouldNotContain("s3cret");
        exception.Message.ShouldStartWith("The connection string");
    }

    [Fact]
    public void An_identity_asks_over_https_only() =>
        Should.Throw<StoreException>(() => StorageRunQueue.FromServiceUrl(new Uri("http://account.queue.core.windows.net"))).Message.ShouldContain("must start with https");

    protected override async Task<IRunQueue> OpenAsync(CancellationToken cancellationToken) => new StorageRunQueue(await ClientAsync());

    protected override void Pass(TimeSpan time)
    {
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A client of this test's queue that shows messages as they are.</summary>
    private async Task<QueueClient> ClientAsync(HttpMessageHandler? transport = null)
    {
        QueueClientOptions options = new();
        if (transport is not null)
            options.Transport = new HttpClientTransport(transport);
        return new QueueClient(await azurite.ConnectionStringAsync(Cancellation), _name, options);
    }
}
