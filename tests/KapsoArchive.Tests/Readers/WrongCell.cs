namespace KapsoArchive.Tests.Readers;

/// <summary>A reader that shows a kind of record as it is not.</summary>
/// <param name="Kind">The <see cref="RecordKind.Name"/>.</param>
/// <param name="Reader">The <see cref="MatrixReader.Name"/>.</param>
/// <param name="Shown">What it shows instead; <see cref="NoRow"/> if it has no such row.</param>
/// <param name="Reason">Why, and what to do about it.</param>
internal sealed record WrongCell(string Kind, string Reader, string Shown, string Reason)
{
    public const string NoRow = "no row";
}
