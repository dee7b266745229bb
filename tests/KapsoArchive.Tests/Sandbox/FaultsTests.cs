using System.Net;
using System.Text.Json;
using KapsoArchive.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Sandbox;

public sealed class FaultsTests
{
    private static readonly SandboxOptions Small = new() { Conversations = 2, Messages = 60 };

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_500_carries_both_documented_keys()
    {
        await using var sandbox = await StartAsync(new() { InternalError = 1 });

        var (status, body) = await sandbox.AnswerAsync("whatsapp_conversations");

        status.ShouldBe(HttpStatusCode.InternalServerError);
        JsonElement.Parse(body).EnumerateObject().Select(member => member.Name).ShouldBe(["error", "message"]);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.BadGateway)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task A_gateway_answers_with_HTML(bool badGateway, HttpStatusCode expected)
    {
        await using var sandbox = await StartAsync(badGateway ? new() { BadGateway = 1 } : new() { Html = 1 });
        using var response = await sandbox.GetAsync("whatsapp_conversations");

        response.StatusCode.ShouldBe(expected);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldStartWith("<html>");
    }

    [Fact]
    public async Task A_503_has_a_Retry_After_in_seconds()
    {
        await using var sandbox = await StartAsync(new() { Unavailable = 1, RetryAfterSeconds = 7 });
        using var response = await sandbox.GetAsync("whatsapp_conversations");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_503_has_a_Retry_After_as_a_date_of_the_servers_clock()
    {
        await using var sandbox = await SandboxCaller.StartAsync(
            Small with { Faults = new() { Unavailable = 1, RetryAfterSeconds = 90, RetryAfterAsDate = true } }, new FakeTimeProvider(Noon));
        using var response = await sandbox.GetAsync("whatsapp_conversations");

        response.Headers.RetryAfter!.Date.ShouldBe(Noon.AddSeconds(90));
    }

    [Fact]
    public async Task A_storm_throttles_a_series_of_requests_below_the_limit()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { RateLimit = 1_000, Faults = new() { ThrottleStorm = 0.05, StormLength = 4, MaxConsecutive = 1_000 } });
        var throttled = new List<bool>();
        for (int i = 0; i < 200; i++)
        {
            using var response = await sandbox.GetAsync($"whatsapp_conversations?page={i + 1}");
            throttled.Add(response.StatusCode == HttpStatusCode.TooManyRequests);
            if (!throttled[^1]) continue;
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            response.Headers.GetValues("X-RateLimit-Remaining").Single().ShouldBe($"{999 - i}");
        }

        string.Concat(throttled.Select(hit => hit ? '!' : '.')).Split('.', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(storm => storm.Length >= 4);
        throttled.Count(hit => hit).ShouldBe((int)sandbox.Server.ThrottledCount);
        sandbox.Server.FaultCounts[SandboxFaultKind.ThrottleStorm].ShouldBe(sandbox.Server.ThrottledCount);
        sandbox.Server.RateLog.Sum(window => window.Throttled).ShouldBe(0);
    }

    [Fact]
    public async Task A_reset_connection_gives_no_answer()
    {
        await using var sandbox = await StartAsync(new() { Reset = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => sandbox.AnswerAsync("whatsapp_conversations"));
    }

    [Fact]
    public async Task A_truncated_body_begins_correctly_and_ends_before_its_announced_length()
    {
        await using var sandbox = await StartAsync(new() { Truncated = 1 });
        using var response = await sandbox.GetHeadAsync("whatsapp_conversations");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        long announced = response.Content.Headers.ContentLength!.Value;
        var (received, error) = await DrainAsync(response);
        error.ShouldNotBeNull();
        ((long)received.Length).ShouldBe(announced / 2);
        sandbox.Server.Faults = SandboxFaults.None;
        (await sandbox.BytesAsync("whatsapp_conversations")).ShouldSatisfyAllConditions(
            right => ((long)right.Length).ShouldBe(announced),
            right => right.AsSpan().StartsWith(received).ShouldBeTrue());
    }

    [Fact]
    public async Task A_stalled_body_ends_when_its_client_gives_up_and_affects_no_other()
    {
        await using var sandbox = await StartAsync(new() { Stalled = 1 });
        using var response = await sandbox.GetHeadAsync("whatsapp_conversations");
        using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        byte[] buffer = new byte[response.Content.Headers.ContentLength!.Value];
        await body.ReadExactlyAsync(buffer.AsMemory(0, buffer.Length / 2), Cancellation);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(async () => await body.ReadExactlyAsync(buffer.AsMemory(0, 1), patience.Token));

        sandbox.Server.Faults = SandboxFaults.None;
        (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disposed_server_ends_stalled_bodies()
    {
        await using var sandbox = await StartAsync(new() { Stalled = 1 });
        using var response = await sandbox.GetHeadAsync("whatsapp_conversations");

        await sandbox.Server.DisposeAsync();

        (await DrainAsync(response)).Error.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_slow_answer_is_correct_after_its_delay_on_the_servers_clock()
    {
        var time = new FakeTimeProvider(Noon);
        await using var sandbox = await SandboxCaller.StartAsync(Small with { Faults = new() { Slow = 1, SlowSeconds = 30 } }, time);

        var answer = sandbox.AnswerAsync("whatsapp_conversations");
        await Poll.UntilAsync(() => sandbox.Server.FaultCounts.ContainsKey(SandboxFaultKind.Slow));
        answer.IsCompleted.ShouldBeFalse();
        while (!answer.IsCompleted)
        {
            // The delay may begin a moment after the fault was counted, so the clock is moved until it has rung.
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(5, Cancellation);
        }

        (await answer).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(SandboxOutage.Error, HttpStatusCode.InternalServerError)]
    [InlineData(SandboxOutage.Unavailable, HttpStatusCode.ServiceUnavailable)]
    public async Task An_outage_answers_every_request_alike_until_it_is_lifted(SandboxOutage outage, HttpStatusCode expected)
    {
        await using var sandbox = await StartAsync(new() { Outage = outage });
        for (int i = 0; i < 10; i++) (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(expected);

        sandbox.Server.Faults = SandboxFaults.None;

        (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_outage_can_reset_every_connection()
    {
        await using var sandbox = await StartAsync(new() { Outage = SandboxOutage.Reset });
        for (int i = 0; i < 5; i++) await Should.ThrowAsync<HttpRequestException>(() => sandbox.AnswerAsync("whatsapp_conversations"));
    }

    [Fact]
    public async Task One_URL_fails_at_most_the_allowed_number_of_times_in_a_row()
    {
        await using var sandbox = await StartAsync(new() { InternalError = 1, MaxConsecutive = 2 });
        var ok = new List<bool>();
        for (int i = 0; i < 6; i++) ok.Add((await sandbox.AnswerAsync("whatsapp_conversations")).Status == HttpStatusCode.OK);

        ok.ShouldBe([false, false, true, false, false, true]);
        (await sandbox.AnswerAsync("whatsapp_conversations?page=2")).Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults_and_another_seed_others()
    {
        var faults = new SandboxFaults { InternalError = 0.2, BadGateway = 0.2, Unavailable = 0.1, Html = 0.1, Reset = 0.1, ThrottleStorm = 0.02 };
        string first = await WalkAsync(faults);

        (await WalkAsync(faults)).ShouldBe(first);
        (await WalkAsync(faults with { Seed = 2 })).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Mixed_faults_have_about_the_requested_rate_and_are_of_all_kinds(double share)
    {
        var kinds = Enumerable.Range(1, 20_000).Select(number => SandboxFaults.Mixed(share).Of(number)).ToList();

        ((double)kinds.Count(kind => kind is not null) / kinds.Count).ShouldBeInRange(share * 0.9, share * 1.1);
        kinds.OfType<SandboxFaultKind>().Distinct().Count().ShouldBe(share > 0 ? Enum.GetValues<SandboxFaultKind>().Length : 0);
    }

    [Fact]
    public async Task Faults_out_of_bounds_are_refused()
    {
        await using var sandbox = await StartAsync(SandboxFaults.None);

        Should.Throw<ArgumentException>(() => sandbox.Server.Faults = new() { Slow = 1.5 }).Message.ShouldStartWith("slow must be from 0 to 1; it is 1.5.");
        Should.Throw<ArgumentException>(() => sandbox.Server.Faults = new() { Slow = 0.6, Html = 0.6 }).Message.ShouldStartWith("The probabilities of all faults");
        Should.Throw<ArgumentException>(() => sandbox.Server.Faults = new() { Stalled = double.NaN });
        sandbox.Server.Faults.ShouldBe(SandboxFaults.None);
    }

    private static Task<SandboxCaller> StartAsync(SandboxFaults faults) => SandboxCaller.StartAsync(Small with { Faults = faults });

    private static async Task<(byte[] Received, IOException? Error)> DrainAsync(HttpResponseMessage response)
    {
        using var received = new MemoryStream();
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.CopyToAsync(received, Cancellation);
            return (received.ToArray(), null);
        }
        catch (IOException error)
        {
            return (received.ToArray(), error);
        }
    }

    private static async Task<string> WalkAsync(SandboxFaults faults)
    {
        await using var sandbox = await StartAsync(faults);
        var outcomes = new List<string>();
        for (int i = 0; i < 100; i++)
        {
            try
            {
                using var response = await sandbox.GetAsync($"whatsapp_conversations?page={1 + i / 4}");
                outcomes.Add($"{(int)response.StatusCode} {response.Content.Headers.ContentType!.MediaType}");
            }
            catch (HttpRequestException)
            {
                outcomes.Add("reset");
            }
        }
        return string.Join('\n', outcomes);
    }
}
