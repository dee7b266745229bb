namespace KapsoArchive.Api.Requests;

/// <summary>Collects the errors in a request's fields, so that one answer reports them all.</summary>
internal sealed class FieldErrors
{
    /// <summary>The most errors reported, so that the answer stays small.</summary>
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

    /// <exception cref="ProblemException">At least one error was collected.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw Problems.Invalid(_errors.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal));
    }
}
