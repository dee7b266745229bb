namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>One thing that is wrong with an archive.</summary>
/// <param name="Path">The file, by its name in its area.</param>
/// <param name="Problem">What is wrong with it: the predicate of a sentence about the file.</param>
/// <param name="Action">What to do about it.</param>
public sealed record Finding(string Path, string Problem, string Action);
