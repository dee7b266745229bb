using KapsoArchive.Core.Runs.Records;

namespace KapsoArchive.Core.Runs.Dispatch;

/// <summary>The export has ended already, so nothing of it can be cancelled.</summary>
public sealed class ExportEndedException(RunRecord record) : Exception($"Export {record.RunId} has ended ({record.Status}).")
{
    public RunRecord Record => record;
}
