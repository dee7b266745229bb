namespace KapsoArchive.Core.Dispatch;

/// <summary>The export has already ended, so it cannot be cancelled.</summary>
public sealed class ExportEndedException(ProgressDocument record) : Exception($"Export {record.RunId} has ended ({record.Status}).")
{
    public ProgressDocument Record => record;
}
