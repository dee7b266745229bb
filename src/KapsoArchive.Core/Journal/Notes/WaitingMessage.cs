namespace KapsoArchive.Core.Journal.Notes;

/// <summary>An archived message that full sweeps no longer find.</summary>
/// <param name="Key">The message's key.</param>
/// <param name="Since">Start of the run that missed it first, in microseconds.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct WaitingMessage(UInt128 Key, long Since);
