namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>The result of a verification.</summary>
/// <param name="Sound">True without findings.</param>
/// <param name="Checked">What was examined.</param>
/// <param name="Findings">The problems.</param>
/// <param name="Remarks">Notes that are not problems, in sentences.</param>
public sealed record VerificationReport(
    bool Sound, VerificationCounts Checked, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Remarks)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, VerificationJson.Default.VerificationReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AcceptedLinks))]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJson : JsonSerializerContext;
