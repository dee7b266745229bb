using System.Net;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class ConversationsEndpointTests
{
    private static readonly SandboxOptions Many = new() { Conversations = 150, Messages = 5_000 };

    [Fact]
    public async Task Every_conversation_is_listed_once_by_last_activity_newest_first()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);

        var rows = await RowsAsync(sandbox, "");

        rows.Select(Id).ShouldBe(sandbox.Data.Conversations.Select(conversation => conversation.Id), ignoreOrder: true);
        rows.Select(LastActiveAt).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task A_row_matches_its_conversation()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);

        foreach (var row in await RowsAsync(sandbox, ""))
        {
            var conversation = sandbox.Data.Conversations.Single(conversation => conversation.Id == Id(row));
            row.EnumerateObject().Select(field => field.Name).ShouldBe(["id", "phone_number", "status", "last_active_at", "contact_name"]);
            row.GetProperty("phone_number").GetString().ShouldBe(conversation.PhoneNumber);
            row.GetProperty("status").GetString().ShouldBe(conversation.Status);
            row.GetProperty("contact_name").GetString().ShouldBe(conversation.ContactName);
            LastActiveAt(row).ShouldBe(conversation.LastActiveAt);
        }
    }

    [Theory]
    [InlineData("active")]
    [InlineData("ended")]
    public async Task Only_conversations_of_the_requested_status_are_listed(string status)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);
        var expected = sandbox.Data.Conversations.Where(conversation => conversation.Status == status).Select(conversation => conversation.Id).ToList();

        var rows = await RowsAsync(sandbox, $"?q[status_eq]={status}");

        expected.ShouldNotBeEmpty();
        rows.Select(Id).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task An_unknown_status_lists_nothing()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);
        (await RowsAsync(sandbox, "?q[status_eq]=paused")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_bounds_of_the_last_activity_are_inclusive()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);
        var times = sandbox.Data.Conversations.Select(conversation => conversation.LastActiveAt).Order().ToList();
        var (from, to) = (times[20], times[60]);

        var rows = await RowsAsync(sandbox, $"?q%5Blast_active_at_gteq%5D={from:yyyy-MM-ddTHH:mm:ss.fffZ}&q%5Blast_active_at_lteq%5D={to:yyyy-MM-ddTHH:mm:ss.fffZ}");

        rows.Select(LastActiveAt).ShouldBe(times[20..61], ignoreOrder: true);
    }

    [Fact]
    public async Task Bounds_that_cross_list_nothing()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);
        (await RowsAsync(sandbox, "?q[last_active_at_gteq]=2026-10-01T00:00:00Z&q[last_active_at_lteq]=2026-09-01T00:00:00Z")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?q[last_active_at_gteq]=yesterday", "q[last_active_at_gteq]")]
    [InlineData("?q[last_active_at_lteq]=2026-13-01", "q[last_active_at_lteq]")]
    [InlineData("?per_page=1000", "per_page")]
    public async Task An_invalid_filter_is_refused_by_name(string query, string name)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Many);

        var (status, body) = await sandbox.AnswerAsync("whatsapp_conversations" + query);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonElement.Parse(body).GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith(name + " must be");
    }

    private static async Task<List<JsonElement>> RowsAsync(SandboxCaller sandbox, string query) =>
        [.. (await sandbox.ReadAllAsync("whatsapp_conversations" + query, perPage: 40)).Select(row => JsonElement.Parse(row))];

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;

    private static DateTimeOffset LastActiveAt(JsonElement row) => row.GetProperty("last_active_at").GetDateTimeOffset();
}
