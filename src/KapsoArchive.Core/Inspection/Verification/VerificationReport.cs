using System.Text.Json;
using System.Text.Json.Serialization;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>What a verification came to.</summary>
/// <param name="Sound">Whether nothing was found.</param>
/// <param name="Checked">What it went through.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Remarks">What is worth knowing and not wrong, in sentences.</param>
public sealed record VerificationReport(bool Sound, VerificationCounts Checked, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Remarks)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, VerificationJson.Default.VerificationReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJson : JsonSerializerContext;
