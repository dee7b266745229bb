namespace KapsoArchive.Core.Index;

/// <summary>The index is intact, but its fingerprints have another version than the run uses. It is rebuilt from the parts.</summary>
/// <param name="form">Form of the index.</param>
/// <param name="wanted">The version that the run uses.</param>
internal sealed class IndexOutdatedException(IndexForm form, int wanted) : IndexDamagedException(
    $"It has fingerprints of version {form.Fingerprints}, but the run uses version {wanted}.")
{
    public IndexForm Form => form;
}
