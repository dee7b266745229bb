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
    [InlineData("0001-01-01T02:00:00+02:00", "0001-01-01T00:00:00.000000Z")]
    [InlineData("9999-12-31T15:59:59.9999999-08:00", "9999-12-31T23:59:59.999999Z")]
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
    [InlineData("0001-01-01T00:00:00+02:00")]
    [InlineData("0001-01-01T01:59:59.999999+02:00")]
    [InlineData("9999-12-31T23:59:59.9999999-08:00")]
    [InlineData("9999-12-31T16:00:00-08:00")]
    [InlineData("0000-00-00T00:00:00Z")]
    public void Invalid_times_are_not_read(string text) => Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("2026-03-01T10:01:07Z", true)]
    [InlineData("2026-03-01T10:01:07.793Z", true)]
    [InlineData("2026-03-01T10:01:07.793001Z", true)]
    [InlineData("2026-03-01T10:01:07.000Z", false)]
    [InlineData("2026-03-01T10:01:07.793000Z", false)]
    [InlineData("2026-03-01T10:01:07,793Z", false)]
    [InlineData("2026-03-01 10:01:07Z", false)]
    [InlineData("2026-03-01T10:01:07+00:00", false)]
    public void Only_text_that_a_column_can_restore_is_canonical(string text, bool canonical)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Timestamp.TryParse(bytes, out long micros).ShouldBeTrue();

        Timestamp.IsCanonical(bytes, micros).ShouldBe(canonical);
        byte[] written = new byte[Timestamp.MaxLength];
        (Encoding.UTF8.GetString(written, 0, Timestamp.FormatCanonical(micros, written)) == text).ShouldBe(canonical);
    }

    [Fact]
    public void Every_microsecond_of_four_centuries_survives_a_round_trip() =>
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

    [Fact]
    public void Every_time_that_can_be_read_can_be_written_with_any_offset() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 3], Gen.Int[9997, 9999]), Gen.Int[1, 12], Gen.Int[1, 31], Gen.Int[0, 24], Gen.Int[0, 60], Gen.OneOf("Z", "+18:00", "-18:59", "+02:00", "-0800", ".9999999-00:01", ".000001+00:01"))
            .Sample(t =>
            {
                string text = System.FormattableString.Invariant($"{t.Item1:D4}-{t.Item2:D2}-{t.Item3:D2}T{t.Item4:D2}:{t.Item5:D2}:59{t.Item6}");
                if (!Timestamp.TryParse(Encoding.ASCII.GetBytes(text), out long micros))
                    return;
                byte[] written = new byte[Timestamp.MaxLength];
                byte[] canonical = written[..Timestamp.FormatCanonical(micros, written)];
                Timestamp.TryParse(canonical, out long read).ShouldBeTrue(text);
                read.ShouldBe(micros, text);
            });
}
