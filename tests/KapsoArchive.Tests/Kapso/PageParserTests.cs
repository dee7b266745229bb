using System.Text;
using CsCheck;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

public sealed class PageParserTests
{
    private const string ValidPage = """
        {"data":[{"id":"m1","content":"Hola \ud83d\ude00 \"x\"","metadata":{"a":[1,2.5e3,null,true]}},{"id":"m2"}],"meta":{"page":1,"per_page":100,"total_pages":3,"total_count":245}}
        """;

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", "\"", "\\ud800", "\\u", "\"data\":", "\"meta\":", "\"\\ud800\":", "null", "-", "\uFEFF",
    ];

    [Theory]
    [InlineData("""{"id":"m1"}""")]
    [InlineData("""{ "id" : "m1" ,  "b":1 }""")]
    [InlineData("""{"z":1,"id":"m1","a":2}""")]
    [InlineData("""{"id":"m1","id":"m2"}""")]
    [InlineData("""{"content":"\u0048ola \/ \ud83d\ude00"}""")]
    [InlineData("""{"content":"half \ud800"}""")]
    [InlineData("""{"\ud800":1,"d\u0061ta":[]}""")]
    [InlineData("""{"n":1.50e+01,"m":12345678901234567890123}""")]
    [InlineData("""{"content":"Grüße 😀"}""")]
    [InlineData("{\n\t\"id\":\r\n\"m1\"}")]
    [InlineData("\"no object\"")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("[[]]")]
    public void A_record_keeps_its_exact_bytes(string record)
    {
        Page page = Parse($$"""{ "data" : [ {{record}} , {"id":"last"}, {{record}}] }""");

        page.Records.Select(record => Encoding.UTF8.GetString(record.Span)).ShouldBe([record, """{"id":"last"}""", record]);
    }

    [Fact]
    public void The_metadata_of_a_page_is_read()
    {
        Parse(ValidPage).Meta.ShouldBe(new PageMeta(1, 100, 3, 245));
        Parse("""{"meta":{"total_count":2147483647,"links":{"next":[1]},"page":2},"more":[{}],"data":[]}""").Meta.ShouldBe(new PageMeta(2, null, null, int.MaxValue));
    }

    [Theory]
    [InlineData("""{"page":"1","per_page":" 100 ","total_pages":"3.0","total_count":"245"}""")]
    [InlineData("""{"page":1,"perPage":100,"totalPages":3,"totalCount":245}""")]
    [InlineData("""{"page":1.0,"perPage":1e2,"totalPages":"3","totalCount":245,"total_count":null}""")]
    [InlineData("""{"page":1,"per_page":100,"total_pages":3,"total_count":"many","totalCount":245}""")]
    public void Counts_can_be_text_and_their_names_camel_case(string meta) => Parse($$"""{"data":[],"meta":{{meta}}}""").Meta.ShouldBe(new PageMeta(1, 100, 3, 245));

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[],"meta":null}""")]
    [InlineData("""{"data":[],"meta":[1,2]}""")]
    [InlineData("""{"data":[],"meta":"page 1"}""")]
    [InlineData("""{"data":[],"meta":{}}""")]
    [InlineData("""{"data":[],"meta":{"page":"","per_page":null,"total_pages":-1,"total_count":2.5}}""")]
    [InlineData("""{"data":[],"meta":{"page":[1],"per_page":{"total_count":7},"total_pages":1e400,"total_count":2147483648}}""")]
    [InlineData("""{"data":[],"meta":{"page":"+1","per_page":"1,000","total_pages":"\u0031","totalCount":"\ud83d"}}""")]
    [InlineData("""{"data":[],"\udc00":1,"meta":{"\ud800":1,"\ud800x":2}}""")]
    public void Absent_or_odd_metadata_is_ignored(string body) => Parse(body).ShouldSatisfyAllConditions(
        page => page.Records.ShouldBeEmpty(),
        page => page.Meta.ShouldBe(default));

    [Fact]
    public void The_neighbours_of_a_deeply_nested_record_are_read()
    {
        string deep = Nested(1_000_000);

        Page page = Parse($$$"""{"data":[{"id":"before"},{{{deep}}},{"id":"after"}],"meta":{"total_count":3,"x":{{{deep}}}}}""");

        page.Records.Select(r => r.Length).ShouldBe([15, deep.Length, 14]);
        page.Meta.TotalCount.ShouldBe(3);
    }

    /// <summary>Whatever a gateway, a broken proxy or a new version sends: one kind of exception, never a crash.</summary>
    [Fact]
    public void A_damaged_page_is_read_or_refused_and_nothing_else()
    {
        byte[] valid = Encoding.UTF8.GetBytes(ValidPage);
        Gen<(int At, int Length, byte[] New)[]> damages = Gen.Select(
            Gen.Int[0, valid.Length], Gen.Int[0, 8],
            Gen.OneOf(Gen.Byte.Array[0, 6], Gen.Int[0, Tokens.Length - 1].Select(i => Encoding.UTF8.GetBytes(Tokens[i]))))
            .Array[1, 4];

        damages.Sample(
            list =>
            {
                byte[] body = list.Aggregate(valid, Damage);
                try
                {
                    PageParser.Parse(body).Records.ShouldAllBe(record => record.Length > 0);
                }
                catch (UnexpectedAnswerException)
                {
                    // The other thing that may happen.
                }
            },
            iter: 20_000, seed: "0000000000001");
    }

    private static byte[] Damage(byte[] body, (int At, int Length, byte[] New) damage)
    {
        int at = Math.Min(damage.At, body.Length);
        return [.. body.AsSpan(0, at), .. damage.New, .. body.AsSpan(Math.Min(body.Length, at + damage.Length))];
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Page Parse(string body) => PageParser.Parse(Encoding.UTF8.GetBytes(body));
}
