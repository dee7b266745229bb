namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>The findings of a verification so far.</summary>
internal sealed class VerificationNotes
{
    private readonly List<Finding> _findings = [];
    private readonly List<string> _remarks = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<string> Remarks => _remarks;

    public void Find(string path, string problem, string action) => _findings.Add(new Finding(path, problem, action));

    public void Remark(string sentence) => _remarks.Add(sentence);

    /// <summary>Drops findings about other files.</summary>
    public void KeepOnly(Func<Finding, bool> concerns) => _findings.RemoveAll(f => !concerns(f));
}
