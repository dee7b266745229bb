using System.Runtime.InteropServices;

namespace KapsoArchive.Core.Journal;

/// <summary>Requests of a run to the source.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunCosts(long Requests, long Retries, long Throttled);
