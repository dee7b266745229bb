namespace KapsoArchive.Core.Index;

/// <summary>The index is intact, but its fingerprints have another version than the run uses. It is rebuilt from the parts.</summary>
/// <param name="form">Form of the index.</param>
/// <param name="wanted">The version that the run uses.</param>
internal sealed class IndexOutdatedException(IndexForm form, int wanted) : IndexDamagedException(
    $"It had fingerprints of version {form.Fingerprints}, and the run reads with version {wanted}.")
{
    public IndexForm Form => form;
}
