namespace KapsoArchive.Core.Text;

/// <summary>A number with its noun, singular or plural.</summary>
public static class Quantity
{
    /// <returns><c>1 message</c>, <c>2,000 messages</c>.</returns>
    /// <param name="noun">The noun in the singular.</param>
    /// <param name="plural">The noun in the plural, unless it only has an "s" more.</param>
    public static string Of(long number, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? noun : plural ?? $"{noun}s")}");
}
