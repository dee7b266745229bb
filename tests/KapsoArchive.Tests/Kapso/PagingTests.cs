using System.Text;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Kapso;

/// <summary>Listings read to their end, from the real sandbox and from sources that do not say where the end is.</summary>
public sealed class PagingTests
{
    private static readonly SandboxOptions World = new() { Conversations = 130, Messages = 3_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_message_of_the_longest_conversation_is_read_byte_for_byte_with_no_request_too_many()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        await using TestSource source = TestSource.At(sandbox.BaseUrl, World.ApiKey);
        (SandboxConversation conversation, int index) = sandbox.Data.Conversations.Select((c, i) => (c, i)).MaxBy(c => c.c.MessageCount);
        conversation.MessageCount.ShouldBeGreaterThan(200);

        List<Page> pages = [];
        for (int page = 1; pages.Sum(p => p.Records.Count) < conversation.MessageCount; page++)
            pages.Add(await source.Client.GetMessagesAsync(conversation.Id, page, KapsoClient.MaxPerPage, Cancellation));

        // Newest first; the sandbox counts from the oldest.
        IEnumerable<string> expected = Enumerable.Range(1, (int)conversation.MessageCount)
            .Select(back => Encoding.UTF8.GetString(sandbox.Data.Record(index, conversation.MessageCount - back)));
        pages.SelectMany(page => page.Records).Select(record => Encoding.UTF8.GetString(record.Span)).ShouldBe(expected);
        pages.ShouldAllBe(page => page.Meta.TotalCount == conversation.MessageCount);
        sandbox.RequestCount.ShouldBe((conversation.MessageCount + 99) / 100);
    }

    [Fact]
    public async Task Every_conversation_is_listed()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        await using TestSource source = TestSource.At(sandbox.BaseUrl, World.ApiKey);

        List<Page> pages = await source.Client.ReadConversationsAsync(null, Cancellation).ToListAsync(Cancellation);

        pages.Count.ShouldBe(2);
        pages.SelectMany(page => page.Records).Select(record => ConversationSummary.FromRecord(record.Span)!.Id)
            .ShouldBe(sandbox.Data.Conversations.Select(c => c.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task A_list_without_meta_is_read_up_to_its_empty_page()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(
            () => Answers.Body("""{"data":[{"id":"m1"}]}"""), () => Answers.Body("""{"data":[{"id":"m2"}]}"""), () => Answers.Body("""{"data":[]}"""));
        await using TestSource source = TestSource.Over(transport);

        List<Page> pages = await source.Client.ReadConversationsAsync(null, Cancellation).ToListAsync(Cancellation);

        pages.Sum(page => page.Records.Count).ShouldBe(2);
        transport.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task An_empty_list_takes_one_request()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(() => Answers.Body("""{"data":[],"meta":{"total_pages":0,"total_count":0}}"""));
        await using TestSource source = TestSource.Over(transport);

        (await source.Client.ReadConversationsAsync(null, Cancellation).ToListAsync(Cancellation)).ShouldHaveSingleItem().Records.ShouldBeEmpty();
        transport.Requests.ShouldBe(1);
    }
}
