using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class MessagesEndpointTests
{
    private static readonly SandboxOptions Small = new() { Conversations = 12, Messages = 900 };

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    [InlineData(SandboxOrder.Unordered)]
    public async Task Paging_serves_every_record_exactly_once(SandboxOrder order)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { Order = order });
        long served = 0;
        for (int index = 0; index < sandbox.Data.Conversations.Count; index++)
        {
            var conversation = sandbox.Data.Conversations[index];
            var records = await sandbox.ReadAllAsync(SandboxCaller.Messages(conversation), perPage: 17);
            var truth = Truth(sandbox.Data, index);

            if (order == SandboxOrder.NewestFirst) truth.Reverse();
            if (order == SandboxOrder.Unordered) records.ShouldBe(truth, ignoreOrder: true);
            else records.ShouldBe(truth);
            served += records.Count;
        }
        served.ShouldBe(sandbox.Data.TotalMessages);
    }

    [Fact]
    public async Task An_unordered_listing_is_stable_and_not_in_order_of_time()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 1, Messages = 300, IncludeSamples = false, Order = SandboxOrder.Unordered });
        string listing = SandboxCaller.Messages(sandbox.Data.Conversations[0]);

        var first = await sandbox.ReadAllAsync(listing, perPage: 100);
        var again = await sandbox.ReadAllAsync(listing, perPage: 33);

        again.ShouldBe(first);
        var ids = first.Select(record => JsonElement.Parse(record).GetProperty("id").GetString()).ToList();
        var byTime = Truth(sandbox.Data, 0).Select(record => JsonElement.Parse(record).GetProperty("id").GetString()).ToList();
        ids.ShouldNotBe(byTime);
        ids.ShouldNotBe(Enumerable.Reverse(byTime));
    }

    [Fact]
    public async Task A_page_has_the_exact_records_and_the_documented_meta()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 1, Messages = 5, IncludeSamples = false, Order = SandboxOrder.OldestFirst });

        byte[] page = await sandbox.BytesAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0], "?page=2&per_page=2"));

        string records = string.Join(',', Truth(sandbox.Data, 0).Skip(2).Take(2));
        Encoding.UTF8.GetString(page).ShouldBe($$$"""{"data":[{{{records}}}],"meta":{"page":2,"per_page":2,"total_pages":3,"total_count":5}}""");
    }

    [Fact]
    public async Task A_page_has_20_records_by_default()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var body = await sandbox.JsonAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0]));

        body.GetProperty("data").GetArrayLength().ShouldBe(20);
        body.GetProperty("meta").GetRawText().ShouldBe("""{"page":1,"per_page":20,"total_pages":2,"total_count":24}""");
    }

    [Theory]
    [InlineData("3")]
    [InlineData("9223372036854775807")]
    public async Task A_page_past_the_end_is_empty(string page)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var body = await sandbox.JsonAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0], $"?page={page}"));

        body.GetProperty("data").GetArrayLength().ShouldBe(0);
        body.GetProperty("meta").GetProperty("total_count").GetInt64().ShouldBe(24);
    }

    [Fact]
    public async Task A_conversation_without_messages_has_no_pages()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 2, Messages = 1, IncludeSamples = false });
        var empty = sandbox.Data.Conversations.Single(conversation => conversation.MessageCount == 0);

        var (_, body) = await sandbox.AnswerAsync(SandboxCaller.Messages(empty));

        body.ShouldBe("""{"data":[],"meta":{"page":1,"per_page":20,"total_pages":0,"total_count":0}}""");
    }

    [Theory]
    [InlineData("?page=0", "page must be an integer greater than or equal to 1")]
    [InlineData("?page=-1", "page must be an integer greater than or equal to 1")]
    [InlineData("?page=two", "page must be an integer greater than or equal to 1")]
    [InlineData("?page=9223372036854775808", "page must be an integer greater than or equal to 1")]
    [InlineData("?per_page=0", "per_page must be an integer between 1 and 100")]
    [InlineData("?per_page=101", "per_page must be an integer between 1 and 100")]
    [InlineData("?per_page=", "per_page must be an integer between 1 and 100")]
    public async Task A_page_out_of_bounds_is_refused(string query, string message)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, body) = await sandbox.AnswerAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0], query));

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body.ShouldBe($$"""{"error":"Invalid parameters","message":"{{message}}"}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another-key")]
    [InlineData("SANDBOX-KEY")]
    public async Task A_wrong_key_is_refused(string? key)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, body) = await sandbox.AnswerAsync("whatsapp_conversations", key);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        body.ShouldBe("""{"error":"Invalid or missing API key"}""");
    }

    [Theory]
    [InlineData("whatsapp_conversations/00000000-0000-4000-8000-000000000000/whatsapp_messages", "WhatsApp conversation not found")]
    [InlineData("whatsapp_conversations/no-uuid/whatsapp_messages", "WhatsApp conversation not found")]
    [InlineData("whatsapp_contacts", "Route not found")]
    public async Task Missing_resources_are_not_found(string path, string error)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);

        var (status, body) = await sandbox.AnswerAsync(path);

        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldBe($$"""{"error":"{{error}}"}""");
    }

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.Unordered)]
    public async Task A_conversation_of_three_million_messages_answers_its_last_page(SandboxOrder order)
    {
        await using var sandbox = await SandboxCaller.StartAsync(
            new() { Conversations = 1, Messages = 3_000_000, IncludeSamples = false, Order = order });
        string listing = SandboxCaller.Messages(sandbox.Data.Conversations[0], "?per_page=100&page=");

        var last = await sandbox.JsonAsync(listing + "30000");

        last.GetProperty("data").GetArrayLength().ShouldBe(100);
        if (order == SandboxOrder.NewestFirst)
            last.GetProperty("data")[99].GetRawText().ShouldBe(Encoding.UTF8.GetString(sandbox.Data.Record(0, 0)));
        (await sandbox.JsonAsync(listing + "30001")).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    private static List<string> Truth(SandboxData data, int conversation) =>
        [.. Enumerable.Range(0, (int)data.Conversations[conversation].MessageCount).Select(index => Encoding.UTF8.GetString(data.Record(conversation, index)))];
}
