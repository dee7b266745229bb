using System.Runtime.InteropServices;

namespace KapsoArchive.Core.Journal;

/// <summary>What a run asked of the source.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunCosts(long Requests, long Retries, long Throttled);
