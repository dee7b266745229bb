namespace KapsoArchive.Core.Sweeps;

/// <summary>A seam that equal times could deceive.</summary>
/// <param name="Position">Where the last covered record stood.</param>
/// <param name="Time">Its time; null where it has none.</param>
/// <param name="StaysLoose">Whether a second look was in vain.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct LooseSeam(long Position, long? Time, bool StaysLoose = false);
