namespace KapsoArchive.Core.Dispatch;

/// <summary>The operation id was used before, for an export of something else.</summary>
/// <param name="exportId">That export.</param>
public sealed class OperationConflictException(string exportId)
    : Exception(
        $"The Operation-Id was already used for a different export ({exportId}). Use a new one for each new export, and the same one only "
            + "to repeat a request whose response was lost.")
{
    public string ExportId => exportId;
}
