using System.Text;
using CsCheck;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Tests.Lake;

public sealed class TextBoundsTests
{
    private static readonly Gen<string> GenText = Gen.OneOf(
        Gen.OneOf("a", "z", "é", "\uD7FF", "\uE000", "\uFFFD", "\uFFFF", "😊", "\U0010FFFF", "").Array[0, 40].Select(string.Concat),
        Gen.Select(Gen.OneOf("x", "😊", "\uFFFF", "\U0010FFFF"), Gen.Int[10, 80], (c, n) => string.Concat(Enumerable.Repeat(c, n))));

    [Fact]
    public void Every_text_is_within_its_bounds_and_the_bounds_are_valid_and_short() =>
        GenText.Array[1, 8].Sample(texts =>
        {
            var bounds = default(TextBounds);
            foreach (string text in texts)
                bounds.Add(Utf8Text.From(text));
            byte[] lower = bounds.Lower(out bool lowerExact)!;
            byte[]? upper = bounds.Upper(out bool upperExact);

            List<byte[]> sorted = [.. texts.Select(Encoding.UTF8.GetBytes)];
            sorted.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
            lower.AsSpan().SequenceCompareTo(sorted[0]).ShouldBeLessThanOrEqualTo(0);
            lower.AsSpan().SequenceEqual(sorted[0]).ShouldBe(lowerExact);
            lower.Length.ShouldBeLessThanOrEqualTo(TextBounds.MaxLength);
            System.Text.Unicode.Utf8.IsValid(lower).ShouldBeTrue();
            if (upper is null)
            {
                texts.ShouldContain(t => t.StartsWith(string.Concat(Enumerable.Repeat("\U0010FFFF", TextBounds.MaxLength / 4))));
                return;
            }

            upper.AsSpan().SequenceCompareTo(sorted[^1]).ShouldBeGreaterThanOrEqualTo(0);
            upper.AsSpan().SequenceEqual(sorted[^1]).ShouldBe(upperExact);
            upper.Length.ShouldBeLessThanOrEqualTo(TextBounds.MaxLength + 1);
            System.Text.Unicode.Utf8.IsValid(upper).ShouldBeTrue();
        });

    [Fact]
    public void Without_text_there_are_no_bounds()
    {
        default(TextBounds).Lower(out _).ShouldBeNull();
        default(TextBounds).Upper(out _).ShouldBeNull();
    }
}
