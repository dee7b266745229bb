using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>A message whose link was signed anew is the same message; one whose link names something else is not.</summary>
public sealed class SignedLinkTests
{
    private static readonly int Cases = Samples.IsExhaustive ? 200_000 : 4_000;

    public static TheoryData<int> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_newly_signed_link_is_not_a_change_wherever_it_occurs(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Cases; i++)
        {
            var drawn = LinkCase.Draw(random);
            (string one, string other) = (drawn.Record(new Random(random.Next())), drawn.Record(new Random(random.Next())));
            Of(one).ShouldBe(Of(other), $"seed {seed}, case {i}: {drawn}\n{one}\n{other}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Another_link_target_or_surrounding_text_is_a_change(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Cases; i++)
        {
            var drawn = LinkCase.Draw(random);
            int signing = random.Next();
            string one = drawn.Record(new Random(signing));
            Of(one).ShouldNotBe(Of((drawn with { File = drawn.File + 1 }).Record(new Random(signing))), $"seed {seed}, case {i}: {drawn}\n{one}");
            if (drawn.Place is not (1 or 2 or 5))
                Of(one).ShouldNotBe(Of((drawn with { Around = (drawn.Around + 1) % 4 }).Record(new Random(signing))), $"seed {seed}, case {i}: {drawn}\n{one}");
        }
    }

    /// <summary>Each pair with one thing changed that may be all that tells two links apart.</summary>
    [Theory]
    [InlineData("https://maps.example/?q=1.5,2.5", "https://maps.example/?q=1.5,2.6")]
    [InlineData("https://film.example/watch?v=abc", "https://film.example/watch?v=abd")]
    [InlineData("https://film.example/watch?v=abc&t=90", "https://film.example/watch?v=abc&t=91")]
    [InlineData("https://shop.example/red--shoes", "https://shop.example/red--boots")]
    [InlineData("https://shop.example/?design=red", "https://shop.example/?design=blue")]
    [InlineData("https://shop.example/a", "https://pay.example/a")]
    [InlineData("https://shop.example/a", "http://shop.example/a")]
    [InlineData("https://shop.example/a?sig=1#one", "https://shop.example/a?sig=1#two")]
    [InlineData("https://shop.example/a?sig=1 yes", "https://shop.example/a?sig=1 no")]
    [InlineData("https://shop.example/a?sig=1好", "https://shop.example/a?sig=1的")]
    [InlineData("ftp://shop.example/a?sig=1", "ftp://shop.example/a?sig=2")]
    [InlineData("https:/shop.example/a?sig=1", "https:/shop.example/a?sig=2")]
    public void Link_parameters_that_are_not_a_signature_count(string one, string other) => OfContent(one).ShouldNotBe(OfContent(other));

    [Theory]
    [InlineData("https://x.test/a?sig=1", "https://x.test/a")]
    [InlineData("https://x.test/a?sig=1", "https://x.test/a?sig=2&se=3")]
    [InlineData("https://x.test/a?a=1&sig=1", "https://x.test/a?sig=2&a=1")]
    [InlineData("https://x.test/a?a=1&amp;sig=1", "https://x.test/a?a=1&amp;sig=2")]
    [InlineData("https://x.test/a?sig=1 https://x.test/b?sig=2", "https://x.test/a?sig=3 https://x.test/b?sig=4")]
    public void Signature_parameters_do_not_count(string one, string other) => OfContent(one).ShouldBe(OfContent(other));

    [Theory]
    [InlineData(PartFormat.Parquet)]
    [InlineData(PartFormat.Jsonl)]
    public async Task A_fingerprint_from_a_part_equals_that_of_the_record(PartFormat format)
    {
        var random = new Random(4);
        MessageRow[] rows = [.. Enumerable.Range(0, 500).Select(i => Rows.Flatten(LinkCase.Draw(random).Record(random).Replace("\"id\":\"1\"", $"\"id\":\"{i:D5}\",\n\"other\":[\n1]")))];
        byte[] part = await Rows.PartAsync(format, [rows], TestContext.Current.CancellationToken);

        List<IReadOnlyList<MessageRow>> read = await PartReader.ReadAsync(format, new MemoryStream(part), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        foreach (int version in (int[])[1, 2])
            read.SelectMany(r => r).Select(r => Fingerprint.Of(r, version)).ShouldBe(rows.Select(r => Fingerprint.Of(r, version)));
    }

    [Fact]
    public void No_text_makes_it_fail()
    {
        var random = new Random(5);
        string[] pieces = ["http", "https", ":", "/", "\\/", "\\", "\\\\", "\\u002f", "\\u00", "?", "&", "=", "sig", "--", "eyJfcmFpbHMiOnt9fQ", "%", "%3", "%3A%2F%2F", "#", "\"", "é", "🙂", " ", "\n", "{\"_rails\"", "x", "://", ":\\"];
        for (int i = 0; i < Cases * 5; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var row = new MessageRow { Record = default, ConversationId = default, Run = Rows.Run, Content = Utf8Text.From(text) };
            Fingerprint.Of(row).ShouldBe(Fingerprint.Of(row), text);
        }
    }

    private static ulong OfContent(string content) => Fingerprint.Of(new MessageRow { Record = default, ConversationId = default, Run = Rows.Run, Content = Utf8Text.From(content) });

    private static ulong Of(string record) => Fingerprint.Of(Rows.Flatten(Encoding.UTF8.GetBytes(record)));
}
