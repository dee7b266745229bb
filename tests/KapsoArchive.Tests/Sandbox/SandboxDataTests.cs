using CsCheck;
using KapsoArchive.Sandbox;
using KapsoArchive.Sandbox.Data;

namespace KapsoArchive.Tests.Sandbox;

public sealed class SandboxDataTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(200, 20_000)]
    [InlineData(1_000, 1_000_000_000)]
    public void Lengths_add_up_to_the_requested_messages(int conversations, long messages)
    {
        var data = new SandboxData(new() { Conversations = conversations, Messages = messages, IncludeSamples = false });

        data.Conversations.Count.ShouldBe(conversations);
        data.Conversations.Sum(conversation => conversation.MessageCount).ShouldBe(messages);
        data.TotalMessages.ShouldBe(messages);
    }

    [Fact]
    public void The_samples_count_as_messages()
    {
        var data = new SandboxData(new());

        data.Conversations[0].MessageCount.ShouldBe(SandboxSamples.Records.Count);
        data.Conversations.Sum(conversation => conversation.MessageCount).ShouldBe(20_000);
    }

    [Fact]
    public void A_few_conversations_are_long_and_most_are_short_and_none_is_empty()
    {
        long[] lengths = [.. new SandboxData(new()).Conversations.Select(conversation => conversation.MessageCount).Order()];

        lengths[0].ShouldBeGreaterThan(0);
        lengths[100].ShouldBeLessThan(50);
        lengths[^1].ShouldBeGreaterThan(2_000);
    }

    [Fact]
    public void A_hundred_thousand_conversations_have_distinct_ids() =>
        new SandboxData(new() { Conversations = 100_000, Messages = 1_000_000 })
            .Conversations.Select(conversation => conversation.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(100_000);

    [Theory]
    [InlineData(-1)]
    [InlineData(24)]
    public void There_is_no_record_outside_a_conversation(long index) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new SandboxData(new()).Record(0, index));

    [Fact]
    public void A_shuffle_has_every_number_once() => Gen.Select(Gen.ULong, Gen.Int[1, 3_000]).Sample((key, count) =>
    {
        var shuffle = new Permutation(key, count);
        return Enumerable.Range(0, count).Select(number => shuffle[number]).Order().SequenceEqual(Enumerable.Range(0, count).Select(number => (long)number));
    });

    public static TheoryData<SandboxOptions, string> WrongOptions() => new()
    {
        { new() { ApiKey = "" }, "ApiKey" },
        { new() { ApiKey = "a key" }, "ApiKey" },
        { new() { Conversations = 0 }, "Conversations" },
        { new() { Messages = -1 }, "Messages" },
        { new() { Messages = 23 }, "sample records" },
        { new() { Conversations = 1 }, "sample records" },
        { new() { Order = (SandboxOrder)9 }, "Order" },
        { new() { RateLimit = -1 }, "RateLimit" },
        { new() { Window = TimeSpan.Zero }, "Window" },
        { new() { Url = new Uri("https://127.0.0.1:5080") }, "Url" },
        { new() { Url = new Uri("http://127.0.0.1:5080/api") }, "Url" },
        { new() { Url = new Uri("api", UriKind.Relative) }, "Url" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task An_option_out_of_bounds_is_named(SandboxOptions options, string name)
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => SandboxServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));
        error.Message.ShouldContain(name);
    }
}
