using System.Globalization;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>A field of a binary document, as the page lists it.</summary>
/// <param name="Path">With dots, and <c>[]</c> for what is repeated.</param>
/// <param name="Type">In the page's words.</param>
/// <param name="Since">The version of the first document that has it.</param>
internal sealed record FormatField(string Path, string Type, int Since)
{
    public static FormatField Of(string[] row) => new(row[0].Trim('`'), row[1].Replace("`", "", StringComparison.Ordinal), int.Parse(row[2], CultureInfo.InvariantCulture));
}
