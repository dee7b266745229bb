using System.Net;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class ControlEndpointTests
{
    private static readonly SandboxOptions Small = new() { Conversations = 3, Messages = 90, RateLimit = 100 };

    [Fact]
    public async Task Faults_can_be_set_shown_and_reset()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, shown) = await sandbox.ControlAsync(HttpMethod.Put, "faults", """{"internal_error":1,"max_consecutive":100,"outage":"none"}""");

        status.ShouldBe(HttpStatusCode.OK);
        (await sandbox.ControlAsync(HttpMethod.Get, "faults")).Body.ShouldBe(shown);
        sandbox.Server.Faults.ShouldBe(new SandboxFaults { InternalError = 1, MaxConsecutive = 100 });
        (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(HttpStatusCode.InternalServerError);
        await sandbox.ControlAsync(HttpMethod.Put, "faults", "{}");
        sandbox.Server.Faults.ShouldBe(SandboxFaults.None);
    }

    [Fact]
    public async Task The_faults_have_their_documented_members()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        (await sandbox.ControlAsync(HttpMethod.Get, "faults")).Body.ShouldBe(
            """{"internal_error":0,"bad_gateway":0,"unavailable":0,"throttle_storm":0,"reset":0,"truncated":0,"stalled":0,"html":0,"slow":0,"seed":1,"storm_length":3,"retry_after_seconds":1,"retry_after_as_date":false,"slow_seconds":1,"max_consecutive":3,"outage":"none"}""");
    }

    [Theory]
    [InlineData("faults", """{"bad_gatway":0.5}""", "There is no member bad_gatway; there are internal_error, bad_gateway,")]
    [InlineData("faults", """{"bad_gateway":5}""", "bad_gateway must be from 0 to 1; it is 5.")]
    [InlineData("faults", """{"bad_gateway":"often"}""", "The value of bad_gateway cannot be read.")]
    [InlineData("faults", """{"bad_gateway":null}""", "The value of bad_gateway cannot be read.")]
    [InlineData("faults", """{"outage":"total"}""", "The value of outage cannot be read.")]
    [InlineData("faults", "{", "That is not JSON (line 1,")]
    [InlineData("faults", "", "That is not JSON (line 1,")]
    [InlineData("faults", "[]", "A JSON object is expected.")]
    [InlineData("faults", "null", "A JSON object is expected.")]
    [InlineData("movement", """{"delete":-1}""", "delete must be from 0 to 1; it is -1.")]
    [InlineData("rate", """{"window":5}""", "There is no member window; there are limit, limits, competing_requests_per_window.")]
    [InlineData("rate", """{"limits":[5,-1]}""", "limits must each be 0 (no limit) or more.")]
    public async Task Wrong_options_are_refused_with_a_message_and_change_nothing(string path, string json, string message)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, body) = await sandbox.ControlAsync(HttpMethod.Put, path, json);

        status.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(body).GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith(message);
        sandbox.Server.Faults.ShouldBe(SandboxFaults.None);
        sandbox.Server.Listings.Movement.ShouldBeNull();
        sandbox.Server.Rate.Limit.ShouldBe(100);
    }

    [Fact]
    public async Task Control_requests_need_no_key_never_fail_and_do_not_count()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { RateLimit = 1, Faults = new() { Outage = SandboxOutage.Error } });
        for (int i = 0; i < 5; i++) (await sandbox.ControlAsync(HttpMethod.Get, "stats")).Status.ShouldBe(HttpStatusCode.OK);

        sandbox.Server.RequestCount.ShouldBe(0);
        sandbox.Server.RateLog.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rate_can_be_set_while_the_sandbox_runs()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (_, body) = await sandbox.ControlAsync(HttpMethod.Put, "rate", """{"limit":7,"limits":[7,8],"competing_requests_per_window":2}""");

        body.ShouldBe("""{"limit":7,"limits":[7,8],"competing_requests_per_window":2}""");
        using var response = await sandbox.GetAsync("whatsapp_conversations");
        response.Headers.GetValues("X-RateLimit-Limit").Single().ShouldBeOneOf("7", "8");
    }

    [Fact]
    public async Task The_stats_show_requests_faults_and_windows()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { RateLimit = 1, Window = TimeSpan.FromDays(1), Faults = new() { BadGateway = 1 } });
        await sandbox.AnswerAsync("whatsapp_conversations");
        await sandbox.AnswerAsync("whatsapp_conversations");

        var stats = JsonElement.Parse((await sandbox.ControlAsync(HttpMethod.Get, "stats")).Body);

        stats.GetProperty("requests").GetInt64().ShouldBe(2);
        stats.GetProperty("throttled").GetInt64().ShouldBe(1);
        stats.GetProperty("faults").GetRawText().ShouldBe("""{"bad_gateway":1}""");
        var window = stats.GetProperty("windows").EnumerateArray().Single();
        window.EnumerateObject().Select(member => member.Name).ShouldBe(["start", "limit", "used", "used_by_competitor", "throttled"]);
        window.GetProperty("used").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_message_can_be_inserted_changed_and_deleted()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        var conversation = sandbox.Data.Conversations[0];
        string messages = $"conversations/{conversation.Id}/messages";

        var (status, record) = await sandbox.ControlAsync(HttpMethod.Post, messages);
        status.ShouldBe(HttpStatusCode.Created);
        string id = JsonElement.Parse(record).GetProperty("id").GetString()!;
        (await ListAsync(sandbox, conversation))[0].ShouldBe(record);

        var (_, changed) = await sandbox.ControlAsync(HttpMethod.Patch, $"{messages}/{id}", """{"status":"failed"}""");
        JsonElement.Parse(changed).GetProperty("status").GetString().ShouldBe("failed");
        (await ListAsync(sandbox, conversation))[0].ShouldBe(changed);

        (await sandbox.ControlAsync(HttpMethod.Delete, $"{messages}/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(sandbox, conversation)).Count.ShouldBe(24);
        (await sandbox.ControlAsync(HttpMethod.Delete, $"{messages}/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await sandbox.ControlAsync(HttpMethod.Patch, $"{messages}/{id}", """{"status":"failed"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_message_is_inserted_at_the_given_position_with_the_given_content()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        var conversation = sandbox.Data.Conversations[0];
        string messages = $"conversations/{conversation.Id}/messages";

        string atFive = (await sandbox.ControlAsync(HttpMethod.Post, messages, """{"position":5}""")).Body;
        string oldest = (await sandbox.ControlAsync(HttpMethod.Post, messages, """{"created_at":"2001-02-03T04:05:06Z"}""")).Body;
        string own = (await sandbox.ControlAsync(HttpMethod.Post, messages, """{"record":{"id":"mine", "created_at":"2031-01-01T00:00:00+02:00"}}""")).Body;
        string malformed = (await sandbox.ControlAsync(HttpMethod.Post, messages, """{"record":42}""")).Body;

        var listed = await ListAsync(sandbox, conversation);
        listed.Count.ShouldBe(28);
        listed[0].ShouldBe(malformed);
        listed[1].ShouldBe("""{"id":"mine", "created_at":"2031-01-01T00:00:00+02:00"}""");
        own.ShouldBe(listed[1]);
        listed[7].ShouldBe(atFive);
        listed[^1].ShouldBe(oldest);
        (await sandbox.ControlAsync(HttpMethod.Post, messages, """{"record":{"id":"mine"}}""")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"position":-1}""", "position must be 0 or more; it is -1.")]
    [InlineData("""{"position":25}""", "position must be from 0 to 24; it is 25.")]
    [InlineData("""{"position":1,"record":{}}""", "Give one of position, created_at and record, or none of them.")]
    [InlineData("""{"created_at":"yesterday"}""", "The value of created_at cannot be read.")]
    [InlineData("""{"text":"Hola"}""", "There is no member text; there are position, created_at, record.")]
    public async Task An_impossible_message_is_refused(string json, string message)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, body) = await sandbox.ControlAsync(HttpMethod.Post, $"conversations/{sandbox.Data.Conversations[0].Id}/messages", json);

        status.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(body).GetProperty("message").GetString().ShouldBe(message);
    }

    [Theory]
    [InlineData("POST", "conversations/00000000-0000-4000-8000-000000000000/messages", HttpStatusCode.NotFound)]
    [InlineData("POST", "conversations/nobody/messages", HttpStatusCode.NotFound)]
    [InlineData("POST", "faults", HttpStatusCode.NotFound)]
    [InlineData("GET", "", HttpStatusCode.NotFound)]
    public async Task Missing_resources_are_not_found(string method, string path, HttpStatusCode expected)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        (await sandbox.ControlAsync(new HttpMethod(method), path)).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Movement_can_be_started_and_stopped_while_the_sandbox_runs()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { RateLimit = 0 });
        var conversation = sandbox.Data.Conversations[0];

        await sandbox.ControlAsync(HttpMethod.Put, "movement", """{"head_insert":1}""");
        for (int i = 0; i < 3; i++) (await ListAsync(sandbox, conversation)).Count.ShouldBe(25 + i);
        await sandbox.ControlAsync(HttpMethod.Put, "movement", "{}");

        (await ListAsync(sandbox, conversation)).Count.ShouldBe(27);
    }

    private static Task<List<string>> ListAsync(SandboxCaller sandbox, SandboxConversation conversation) =>
        sandbox.ReadAllAsync(SandboxCaller.Messages(conversation), perPage: 100);
}
