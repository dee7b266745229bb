using KapsoArchive.Api.Answers;

namespace KapsoArchive.Api.Requests;

/// <summary>Collects what is wrong with the fields of a request, so that it is all told at once.</summary>
internal sealed class FieldErrors
{
    /// <summary>Whoever has so many wrong has seen enough, and the answer stays small.</summary>
    private const int Most = 50;

    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    public bool IsFull => _errors.Count >= Most;

    public bool HasAny => _errors.Count > 0;

    public void Add(string field, string sentence)
    {
        if (_errors.TryGetValue(field, out List<string>? sentences))
            sentences.Add(sentence);
        else if (!IsFull)
            _errors.Add(field, [sentence]);
    }

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw Problems.Invalid(_errors.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal));
    }
}
