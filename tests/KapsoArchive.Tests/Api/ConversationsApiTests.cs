using System.Net;
using System.Text.Json;
using KapsoArchive.Core.Text;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Api;

/// <summary>What the archive answers over HTTP, with Kapso switched off.</summary>
public class ConversationsApiTests : ApiTest
{
    private SandboxConversation[] Conversations => [.. Sandbox.Data.Conversations.OrderByDescending(c => c.LastActiveAt)];

    [Fact]
    public async Task The_list_shows_every_conversation_newest_message_first()
    {
        await ArchiveAsync();

        JsonElement page = await GetAsync("/api/conversations");

        page.GetProperty("total").GetInt32().ShouldBe(Conversations.Length);
        page.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        page.GetProperty("snapshot").GetString().ShouldBe((await GetAsync("/api/runs")).GetProperty("items")[0].GetProperty("id").GetString());
        page.GetProperty("items").EnumerateArray().Select(i => (Text(i, "id"), Text(i, "name"), Text(i, "phoneNumber"), i.GetProperty("messages").GetInt64(), Text(i, "outcome")))
            .ShouldBe(Conversations.Select(c => ((string?)c.Id, c.ContactName, (string?)c.PhoneNumber, c.MessageCount, (string?)"complete")));
        page.GetProperty("items")[0].GetProperty("lastMessageAt").GetDateTimeOffset().ShouldBe(Conversations[0].LastActiveAt, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Pages_of_a_list_join_without_gap_or_overlap()
    {
        await ArchiveAsync();
        foreach (string sort in (string[])["last", "name", "messages"])
        {
            string[] whole = Ids(await GetAsync($"/api/conversations?sort={sort}"));
            List<string> joined = [];
            for (string? next = $"/api/conversations?sort={sort}&limit=1&outcome=complete"; next is not null;)
            {
                JsonElement page = await GetAsync(next);
                page.GetProperty("total").GetInt32().ShouldBe(whole.Length);
                joined.Add(Ids(page).ShouldHaveSingleItem());
                next = Text(page, "next");
            }

            string.Join(',', joined).ShouldBe(string.Join(',', whole), sort);
        }
    }

    [Fact]
    public async Task A_list_is_filtered_by_id_activity_and_outcome()
    {
        await ArchiveAsync();
        SandboxConversation newest = Conversations[0];
        string since = Uri.EscapeDataString($"{newest.LastActiveAt.AddSeconds(-1):yyyy-MM-ddTHH:mm:ssZ}");

        Ids(await GetAsync($"/api/conversations?id={newest.Id[..9].ToUpperInvariant()}")).ShouldBe([newest.Id]);
        Ids(await GetAsync($"/api/conversations?from={since}")).ShouldBe(Conversations.Where(c => c.LastActiveAt >= newest.LastActiveAt.AddSeconds(-1)).Select(c => c.Id));
        Ids(await GetAsync($"/api/conversations?to={since}")).ShouldNotContain(newest.Id);
        Ids(await GetAsync("/api/conversations?outcome=gone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_is_found_by_number_or_name_in_the_body()
    {
        await ArchiveAsync();
        foreach (SandboxConversation wanted in Conversations)
        {
            string digits = wanted.PhoneNumber.TrimStart('+');
            foreach (string phone in (string[])[wanted.PhoneNumber, $"00{digits}", digits[^7..], string.Join(' ', digits.Chunk(3).Select(c => new string(c)))])
                Ids(await SearchAsync(new { phone })).ShouldBe([wanted.Id], phone);
            if (wanted.ContactName is { } name)
            {
                Ids(await SearchAsync(new { name = FoldedText.Of(name).ToUpperInvariant() })).ShouldContain(wanted.Id, name);
                Ids(await SearchAsync(new { name, phone = wanted.PhoneNumber })).ShouldBe([wanted.Id]);
            }
        }

        Ids(await SearchAsync(new { name = "nobody has this name" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_search_goes_on_behind_its_last_item()
    {
        await ArchiveAsync();
        SandboxConversation wanted = Conversations[0];
        JsonElement page = await SearchAsync(new { phone = wanted.PhoneNumber, limit = 1 });
        page.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null, "a search has no address to go on");
        page.GetProperty("after").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement behind = await SearchAsync(new { phone = wanted.PhoneNumber, limit = 1, after = wanted.Id });
        Ids(behind).ShouldBeEmpty();
        behind.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_search_names_every_field()
    {
        await ArchiveAsync();
        foreach ((string body, string[] fields) in ((string, string[])[])
        [
            ("{}", ["body"]), ("[]", ["body"]), ("""{"nam": "Ana"}""", ["nam"]), ("""{"name": 5}""", ["name"]), ("""{"phone": "Ana"}""", ["phone"]), ("""{"phone": "+"}""", ["phone"]),
            ("""{"name": "Ana", "sort": "newest", "limit": 0, "outcome": "lost"}""", ["sort", "limit", "outcome"]),
        ])
        {
            using HttpResponseMessage answer = await Client.PostAsync("/api/conversations/search", Json(body), Cancellation);
            await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", fields);
        }
    }

    [Fact]
    public async Task Pages_of_messages_join_without_gap_or_overlap()
    {
        await ArchiveAsync();
        foreach ((SandboxConversation conversation, string order) in Conversations.SelectMany(c => ((string[])["newest", "oldest"]).Select(o => (c, o))))
        {
            JsonElement whole = await GetAsync($"/api/conversations/{conversation.Id}/messages?limit=500&order={order}");
            List<string> joined = [];
            for (string? next = $"/api/conversations/{conversation.Id[..13]}/messages?limit=7&order={order}"; next is not null;)
            {
                JsonElement page = await GetAsync(next);
                page.GetProperty("matching").GetInt64().ShouldBe(conversation.MessageCount);
                joined.AddRange(Ids(page));
                next = Text(page, "next");
                next?.ShouldStartWith($"/api/conversations/{conversation.Id}/messages?cursor=");
            }

            joined.ShouldBe(Ids(whole));
            joined.Count.ShouldBe((int)conversation.MessageCount);
            DateTimeOffset[] times = [.. whole.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("createdAt").GetDateTimeOffset())];
            times.ShouldBe(order == "oldest" ? times.Order() : times.OrderDescending());
        }
    }

    [Fact]
    public async Task Messages_are_filtered_by_time_direction_and_type()
    {
        await ArchiveAsync();
        string address = $"/api/conversations/{Conversations[0].Id}/messages?limit=500";
        JsonElement[] all = [.. (await GetAsync(address)).GetProperty("items").EnumerateArray()];
        string middle = $"{all[all.Length / 2].GetProperty("createdAt").GetDateTimeOffset():yyyy-MM-ddTHH:mm:ssZ}";
        string type = Text(all[0], "type")!;

        foreach ((string filter, Func<JsonElement, bool> isWanted) in ((string, Func<JsonElement, bool>)[])
        [
            ("direction=inbound", m => Text(m, "direction") == "inbound"), ("direction=outbound", m => Text(m, "direction") == "outbound"),
            ($"type={type}", m => Text(m, "type") == type), ($"type=no-such-type,{type}", m => Text(m, "type") == type), ("type=no-such-type", _ => false),
            ($"from={middle}", m => m.GetProperty("createdAt").GetDateTimeOffset() >= DateTimeOffset.Parse(middle)),
            ($"to={middle}", m => m.GetProperty("createdAt").GetDateTimeOffset() < DateTimeOffset.Parse(middle)),
        ])
        {
            JsonElement page = await GetAsync($"{address}&{filter}");
            Ids(page).ShouldBe(all.Where(isWanted).Select(m => Text(m, "id")!), filter);
            page.GetProperty("total").GetInt32().ShouldBe(all.Length);
        }

        all.ShouldAllBe(m => !m.GetRawText().Contains("URL: http"), "links to media are left out");
        all.ShouldContain(m => Text(m, "text")!.Length > 0);
    }

    [Fact]
    public async Task A_client_that_knows_the_snapshot_is_not_sent_it_again()
    {
        await ArchiveAsync();
        foreach (string address in (string[])["/api/conversations", $"/api/conversations/{Conversations[0].Id}/messages"])
        {
            using HttpResponseMessage first = await Client.GetAsync(address, Cancellation);
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
            using HttpResponseMessage same = await Client.SendAsync(request, Cancellation);
            same.StatusCode.ShouldBe(HttpStatusCode.NotModified, address);
            (await same.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
        }

        using HttpResponseMessage before = await Client.GetAsync("/api/conversations", Cancellation);
        await ArchiveAsync();
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/conversations") { Headers = { IfNoneMatch = { before.Headers.ETag! } } };
        using HttpResponseMessage after = await Client.SendAsync(again, Cancellation);
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_telephone_number_in_an_address_is_refused_with_the_call_to_use()
    {
        await ArchiveAsync();
        foreach (string number in Conversations.Select(c => c.PhoneNumber).Append("900 000 001"))
        {
            foreach (string address in (string[])[$"/api/conversations/{Uri.EscapeDataString(number)}/messages", $"/api/conversations?id={Uri.EscapeDataString(number)}"])
            {
                using HttpResponseMessage answer = await Client.GetAsync(address, Cancellation);
                JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-parameter", "id");
                problem.GetRawText().ShouldContain("POST /api/conversations/search");
                problem.GetRawText().ShouldNotContain(number);
            }
        }
    }

    [Fact]
    public async Task An_unknown_conversation_is_not_found()
    {
        await ArchiveAsync();
        foreach (string id in (string[])["00000000-0000-4000-8000-000000000000", "Ana", "..%2f..%2flatest", "%252e%252e", new string('a', 2_000)])
        {
            (int status, string answer) = await GetRawAsync($"/api/conversations/{id}/messages");
            status.ShouldBe(404, id);
            answer.ShouldContain("urn:kapso-archive:problem:not-found");
        }

        Door.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_parameter_is_named()
    {
        await ArchiveAsync();
        foreach ((string address, string name) in ((string, string)[])
        [
            ("?limit=0", "limit"), ("?limit=101", "limit"), ("?sort=newest", "sort"), ("?outcome=compleet", "outcome"), ("?from=2026-01-01", "from"),
            ("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"), ("?after=nothing", "after"), ("?id=", "id"), ("?id=a&id=b", "id"), ("/x/messages?limit=501", "limit"),
            ("/x/messages?cursor=51900000001", "cursor"), ("/x/messages?order=last", "order"), ("/x/messages?direction=in", "direction"),
        ])
        {
            using HttpResponseMessage answer = await Client.GetAsync($"/api/conversations{address}", Cancellation);
            await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-parameter", name);
        }
    }

    [Fact]
    public async Task Before_the_first_run_there_is_nothing_to_read()
    {
        foreach (string address in (string[])["/api/conversations", "/api/conversations/x/messages"])
        {
            using HttpResponseMessage answer = await Client.GetAsync(address, Cancellation);
            await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
        }

        using HttpResponseMessage search = await Client.PostAsync("/api/conversations/search", Json("""{"name": "Ana"}"""), Cancellation);
        await ShouldBeProblemAsync(search, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Text_across_conversations_names_the_command_that_searches_it()
    {
        await ArchiveAsync();
        using HttpResponseMessage answer = await Client.PostAsync("/api/conversations/search", Json("""{"text": "invoice"}"""), Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.NotImplemented, "not-here");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("kapso-archive find");
    }

    private protected async Task ArchiveAsync()
    {
        (await Client.PostAsync("/api/runs", content: null, Cancellation)).Dispose();
        await Door.WorkAsync();
    }

    private static string? Text(JsonElement item, string member) => item.GetProperty(member).GetString();

    private static string[] Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => Text(i, "id")!)];

    private async Task<JsonElement> SearchAsync(object body)
    {
        using HttpResponseMessage answer = await Client.PostAsync("/api/conversations/search", Json(JsonSerializer.Serialize(body)), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
        return await ReadAsync(answer);
    }
}
