using System.Text;
using CsCheck;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Lake;

public sealed class TimestampTests
{
    [Theory]
    [InlineData("2023-11-07T05:31:56Z", "2023-11-07T05:31:56.000000Z")]
    [InlineData("2026-03-01T10:01:07.793Z", "2026-03-01T10:01:07.793000Z")]
    [InlineData("2026-03-02T10:00:00.123456+02:00", "2026-03-02T08:00:00.123456Z")]
    [InlineData("2026-03-02T10:00:00-0530", "2026-03-02T15:30:00.000000Z")]
    [InlineData("2026-03-02 10:00:00", "2026-03-02T10:00:00.000000Z")]
    [InlineData("2026-03-02T10:00:00.1234567899Z", "2026-03-02T10:00:00.123456Z")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z")]
    public void A_time_is_read_to_the_microsecond(string text, string expected)
    {
        Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out long micros).ShouldBeTrue();

        Timestamp.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-03-02")]
    [InlineData("2026-13-02T10:00:00Z")]
    [InlineData("2026-02-29T10:00:00Z")]
    [InlineData("2026-03-02T24:00:00Z")]
    [InlineData("2026-03-02T10:00:60Z")]
    [InlineData("2026-03-02T10:00:00.Z")]
    [InlineData("2026-03-02T10:00:00+2:00")]
    [InlineData("2026-03-02T10:00:00Zulu")]
    [InlineData("+026-03-02T10:00:00Z")]
    [InlineData("1761134400000000000")]
    public void What_is_no_time_is_not_read(string text) => Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("2026-03-01T10:01:07Z", true)]
    [InlineData("2026-03-01T10:01:07.793Z", true)]
    [InlineData("2026-03-01T10:01:07.793001Z", true)]
    [InlineData("2026-03-01T10:01:07.000Z", false)]
    [InlineData("2026-03-01T10:01:07.793000Z", false)]
    [InlineData("2026-03-01T10:01:07,793Z", false)]
    [InlineData("2026-03-01 10:01:07Z", false)]
    [InlineData("2026-03-01T10:01:07+00:00", false)]
    public void Only_the_text_that_a_column_gives_back_is_canonical(string text, bool canonical)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Timestamp.TryParse(bytes, out long micros).ShouldBeTrue();

        Timestamp.IsCanonical(bytes, micros).ShouldBe(canonical);
        byte[] written = new byte[Timestamp.MaxLength];
        (Encoding.UTF8.GetString(written, 0, Timestamp.FormatCanonical(micros, written)) == text).ShouldBe(canonical);
    }

    [Fact]
    public void Every_microsecond_of_four_centuries_comes_back() =>
        Gen.Long[-6_000_000_000_000_000, 6_000_000_000_000_000].Sample(micros =>
        {
            byte[] written = new byte[Timestamp.MaxLength];
            byte[] text = written[..Timestamp.FormatCanonical(micros, written)];
            return Timestamp.TryParse(text, out long read) && read == micros && Timestamp.IsCanonical(text, read);
        });

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Char["0123456789-:.TZ+ ,"].Array[19, 32].Select(chars => Encoding.ASCII.GetBytes(chars)))
            .Sample(text => Timestamp.TryParse(text, out long micros) || micros == 0);
}
