using System.Runtime.InteropServices;
using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Index;

/// <summary>How an index is written, and by which fingerprints it tells one version of a message from another.</summary>
/// <param name="Format">The version of its catalog. The first says nothing of fingerprints, names and counts.</param>
/// <param name="Fingerprints">The version of <see cref="Fingerprint"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexForm(byte Format, int Fingerprints)
{
    public const byte FirstFormat = 1;

    public const byte CurrentFormat = 2;

    public static IndexForm Current => Of(Fingerprint.CurrentVersion);

    /// <summary>The form of a new index with these fingerprints. A run of an earlier program is finished in its form.</summary>
    public static IndexForm Of(int fingerprints) => new(fingerprints == 1 ? FirstFormat : CurrentFormat, fingerprints);
}
