namespace KapsoArchive.Core.Journal;

/// <summary>Consecutive blocks of <see cref="PartEntries"/> in a document of the journal.</summary>
/// <param name="Start">Number of bytes before them.</param>
/// <param name="Length">Their length in bytes.</param>
internal sealed record EntriesPlace([property: JsonRequired] string Document, long Start, long Length);
