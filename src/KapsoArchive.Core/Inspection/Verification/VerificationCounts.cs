namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>What a verification examined.</summary>
/// <param name="Rows">The rows of all sound files.</param>
/// <param name="Conversations">Conversations of the index; null if it was not compared with the parts.</param>
/// <param name="Messages">Messages of the index; null if it was not compared with the parts.</param>
public sealed record VerificationCounts(
    int Manifests, int Files, long Rows, long Bytes, int? Conversations, long? Messages, double Seconds);
