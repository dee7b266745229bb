using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Index;

/// <summary>Format of an index, and the version of the fingerprints that distinguish versions of a message.</summary>
/// <param name="Format">Version of its catalog. The first has no fingerprint version, names or counts.</param>
/// <param name="Fingerprints">Version of <see cref="Fingerprint"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexForm(byte Format, int Fingerprints)
{
    public const byte FirstFormat = 1;

    public const byte CurrentFormat = 2;

    public static IndexForm Current => Of(Fingerprint.CurrentVersion);

    /// <summary>Form of a new index with these fingerprints. A run of an earlier program is finished in that program's form.</summary>
    public static IndexForm Of(int fingerprints) => new(fingerprints == 1 ? FirstFormat : CurrentFormat, fingerprints);
}
