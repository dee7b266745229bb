namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>One problem of an archive.</summary>
/// <param name="Path">The file's name in its area.</param>
/// <param name="Problem">The problem, as the predicate of a sentence about the file.</param>
/// <param name="Action">What to do about it.</param>
public sealed record Finding(string Path, string Problem, string Action);
