using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class SandboxListingsTests
{
    private static readonly SandboxOptions Small = new() { Conversations = 12, Messages = 900 };

    public static TheoryData<SandboxOrder> Orders => new(Enum.GetValues<SandboxOrder>());

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    public async Task A_conversation_that_can_move_is_listed_as_before_until_it_does(SandboxOrder order)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { Order = order });
        foreach (var conversation in sandbox.Data.Conversations)
        {
            var before = await sandbox.ReadAllAsync(SandboxCaller.Messages(conversation), perPage: 100);
            sandbox.Server.Listings.Moving(conversation.Id).Count.ShouldBe((int)conversation.MessageCount);
            (await sandbox.ReadAllAsync(SandboxCaller.Messages(conversation), perPage: 77)).ShouldBe(before);
        }
    }

    [Fact]
    public async Task A_schedule_happens_between_two_requests_over_HTTP()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        var conversation = sandbox.Data.Conversations[0];
        var listing = sandbox.Server.Listings.Moving(conversation.Id);
        string gone = listing.At(3).Id;
        listing.After(1, now => now.Delete(gone));
        listing.After(2, now => now.InsertNewest());

        int[] totals = new int[3];
        for (int i = 0; i < 3; i++)
            totals[i] = (await sandbox.JsonAsync(SandboxCaller.Messages(conversation))).GetProperty("meta").GetProperty("total_count").GetInt32();

        totals.ShouldBe([24, 23, 24]);
        listing.Truth.ListedThroughout(1, 3).Count.ShouldBe(23);
        listing.Truth.ListedAtSomeMoment(1, 3).Count.ShouldBe(25);
        listing.Truth.ListedAt(1).ShouldContain(gone);
    }

    [Fact]
    public async Task Each_conversation_moves_at_random_when_read_if_requested()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { Movement = SandboxMovement.Mixed(1) });
        var stories = new List<string>();
        foreach (var conversation in sandbox.Data.Conversations)
        {
            for (int i = 0; i < 40; i++) await sandbox.BytesAsync(SandboxCaller.Messages(conversation));
            var truth = sandbox.Server.Listings.Moving(conversation.Id).Truth;
            stories.Add(string.Join(',', Enumerable.Range(1, 40).Select(request => truth.ListedAt(request).Count - truth.ListedAt(1).Count)));
        }
        stories.ShouldBeUnique();
    }

    [Fact]
    public async Task A_new_message_moves_its_conversation_to_the_head_of_the_list()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        var before = await RowsAsync(sandbox);

        var message = sandbox.Server.Listings.Moving(before[^1]).InsertNewest();

        (await RowsAsync(sandbox)).ShouldBe([before[^1], .. before[..^1]]);
        var row = (await sandbox.JsonAsync("whatsapp_conversations")).GetProperty("data")[0];
        row.GetProperty("last_active_at").GetDateTimeOffset().ShouldBe(message.CreatedAt);
    }

    [Fact]
    public async Task A_removed_conversation_is_gone_everywhere()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        foreach (var conversation in sandbox.Data.Conversations.Take(2))
        {
            await sandbox.BytesAsync(SandboxCaller.Messages(conversation));
            sandbox.Server.Listings.RemoveConversation(conversation.Id).ShouldBeTrue();
            sandbox.Server.Listings.RemoveConversation(conversation.Id).ShouldBeFalse();

            (await sandbox.AnswerAsync(SandboxCaller.Messages(conversation))).ShouldBe((HttpStatusCode.NotFound, """{"error":"WhatsApp conversation not found"}"""));
            (await RowsAsync(sandbox)).ShouldNotContain(conversation.Id);
            Should.Throw<KeyNotFoundException>(() => sandbox.Server.Listings.Moving(conversation.Id));
        }
        (await RowsAsync(sandbox)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task An_added_conversation_is_listed_and_readable()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small);
        var added = new SandboxConversation("7f000000-0000-4000-8000-000000000001", "+15550100", "Nueva", "active", DateTimeOffset.UnixEpoch, 0);
        var message = SandboxMessage.Make("7f000000-0000-4000-8000-000000000002", 1, new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));

        sandbox.Server.Listings.AddConversation(added, [message]).Count.ShouldBe(1);

        (await RowsAsync(sandbox))[0].ShouldBe(added.Id);
        (await sandbox.ReadAllAsync(SandboxCaller.Messages(added), perPage: 100)).ShouldBe([Encoding.UTF8.GetString(message.Record.Span)]);
        Should.Throw<ArgumentException>(() => sandbox.Server.Listings.AddConversation(added, []));
    }

    [Fact]
    public async Task A_conversation_too_long_for_memory_cannot_move_but_is_served()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 1, Messages = 300_000, IncludeSamples = false, Movement = SandboxMovement.Mixed(1) });
        var conversation = sandbox.Data.Conversations[0];

        Should.Throw<InvalidOperationException>(() => sandbox.Server.Listings.Moving(conversation.Id)).Message.ShouldContain("has 300000 messages");
        (await sandbox.JsonAsync(SandboxCaller.Messages(conversation))).GetProperty("meta").GetProperty("total_count").GetInt64().ShouldBe(300_000);
        (await sandbox.ControlAsync(HttpMethod.Post, $"conversations/{conversation.Id}/messages")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_changed_status_keeps_a_message_in_its_place(SandboxOrder order)
    {
        await using var sandbox = await SandboxCaller.StartAsync(Small with { Order = order });
        var listing = sandbox.Server.Listings.Moving(sandbox.Data.Conversations[1].Id);
        string id = listing.At(0).Id;
        var before = JsonElement.Parse(listing.At(0).Record.Span);

        listing.Update(id, "failed").ShouldBeTrue();

        var after = JsonElement.Parse(listing.At(0).Record.Span);
        after.GetProperty("id").GetString().ShouldBe(id);
        after.GetProperty("updated_at").GetDateTimeOffset().ShouldBeGreaterThan(before.GetProperty("updated_at").GetDateTimeOffset());
        listing.Truth.VersionsOf(id).Count.ShouldBe(2);
    }

    private static async Task<List<string>> RowsAsync(SandboxCaller sandbox) =>
        [.. (await sandbox.ReadAllAsync("whatsapp_conversations", perPage: 5)).Select(row => JsonElement.Parse(row).GetProperty("id").GetString()!)];
}
