using System.Text;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Kapso;

/// <summary>A listing read to its end, from the real sandbox.</summary>
public sealed class PagingTests
{
    private static readonly SandboxOptions World = new() { Conversations = 130, Messages = 3_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_longest_conversation_is_read_byte_for_byte_without_extra_requests()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, time: null, Cancellation);
        await using TestSource source = TestSource.At(sandbox.BaseUrl, World.ApiKey);
        (SandboxConversation conversation, int index) = sandbox.Data.Conversations.Select((c, i) => (c, i)).MaxBy(c => c.c.MessageCount);
        conversation.MessageCount.ShouldBeGreaterThan(200);

        List<Page> pages = [];
        for (int page = 1; pages.Sum(p => p.Records.Count) < conversation.MessageCount; page++)
            pages.Add(await source.Client.GetMessagesAsync(conversation.Id, page, KapsoClient.MaxPerPage, retries: null, Cancellation));

        // Newest first; the sandbox counts from the oldest.
        IEnumerable<string> expected = Enumerable.Range(1, (int)conversation.MessageCount)
            .Select(back => Encoding.UTF8.GetString(sandbox.Data.Record(index, conversation.MessageCount - back)));
        pages.SelectMany(page => page.Records).Select(record => Encoding.UTF8.GetString(record.Span)).ShouldBe(expected);
        pages.ShouldAllBe(page => page.Meta.TotalCount == conversation.MessageCount);
        sandbox.RequestCount.ShouldBe((conversation.MessageCount + 99) / 100);
    }
}
