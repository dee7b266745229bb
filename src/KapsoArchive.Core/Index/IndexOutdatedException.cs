namespace KapsoArchive.Core.Index;

/// <summary>The index is sound, and has fingerprints of another version than the run reads with. It is made anew from the parts.</summary>
/// <param name="form">The form that it has.</param>
/// <param name="wanted">The version that the run reads with.</param>
internal sealed class IndexOutdatedException(IndexForm form, int wanted) : IndexDamagedException($"It had fingerprints of version {form.Fingerprints}, and the run reads with version {wanted}.")
{
    public IndexForm Form => form;
}
