namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>What a verification went through.</summary>
/// <param name="Rows">Rows of all files, as far as these were sound.</param>
/// <param name="Conversations">Conversations of the index; null where it was not compared with the parts.</param>
/// <param name="Messages">Messages of the index; null as above.</param>
public sealed record VerificationCounts(int Manifests, int Files, long Rows, long Bytes, int? Conversations, long? Messages, double Seconds);
