using System.Runtime.InteropServices;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>One record of a listing as a sweep sees it: what tells it apart, what orders it, and what becomes of it.</summary>
/// <param name="Id">A 128-bit hash of the message's id; of the whole record where it is no message.</param>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC; null where unknown.</param>
/// <param name="Row">The message; null where the record is none.</param>
/// <param name="Rejected">The record that is no message; null where it is one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ListingItem(UInt128 Id, long? CreatedAt, MessageRow? Row, RejectedRecord? Rejected);

/// <summary>One page of a listing as a sweep sees it.</summary>
internal sealed record ListingPage(IReadOnlyList<ListingItem> Items, PageMeta Meta);

/// <summary>Gives a page of one listing.</summary>
internal delegate Task<ListingPage> PageSource(int page, int perPage, CancellationToken cancellationToken);
