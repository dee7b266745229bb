namespace KapsoArchive.Core.Dispatch;

/// <summary>The operation id was used before, for an export of something else.</summary>
/// <param name="exportId">That export.</param>
public sealed class OperationConflictException(string exportId)
    : Exception(
        $"The Operation-Id was used before, for an export of something else ({exportId}). "
            + "Take a new one for each new export, and the same only to repeat a request whose answer was lost.")
{
    public string ExportId => exportId;
}
