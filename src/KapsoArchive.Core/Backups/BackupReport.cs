using KapsoArchive.Core.Inspection.Verification;

namespace KapsoArchive.Core.Backups;

/// <summary>The result of a backup.</summary>
/// <param name="Source">Location of the archive.</param>
/// <param name="Target">Location of the copy.</param>
/// <param name="RunId">The newest run of the copy.</param>
/// <param name="FinishedAt">When that run ended; null if its manifest is damaged.</param>
/// <param name="Copied">What this backup added.</param>
/// <param name="Holds">What the copy has now.</param>
/// <param name="Findings">Damage of the archive or of the copy. What is damaged was not copied.</param>
public sealed record BackupReport(
    string Source, string Target, string RunId, DateTimeOffset? FinishedAt, BackupCounts Copied, BackupCounts Holds,
    IReadOnlyList<Finding> Findings)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupReport);
}

/// <param name="Runs">Manifests.</param>
/// <param name="Files">Files that the manifests name, each once.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record BackupCounts(int Runs, int Files, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class BackupJson : JsonSerializerContext;
