namespace KapsoArchive.Core.Sweeps;

/// <summary>A seam at which equal times could hide a record.</summary>
/// <param name="Position">Position of the last covered record.</param>
/// <param name="Time">Time of that record; null if it has none.</param>
/// <param name="StaysLoose">Whether a second look failed to make the seam firm.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct LooseSeam(long Position, long? Time, bool StaysLoose = false);
