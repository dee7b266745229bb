namespace KapsoArchive.Core.Journal;

/// <summary>A document of a journal is missing or differs from what the run wrote. It is the cause of an
/// <see cref="InvalidDataException"/>.</summary>
/// <param name="document">Its name in the state area.</param>
/// <param name="problem">What is wrong with it: the predicate of a sentence.</param>
internal sealed class DamagedDocumentException(
    string document, string problem, Exception? innerException) : Exception($"{document} {problem}", innerException)
{
    public string Document => document;

    public string Problem => problem;
}
