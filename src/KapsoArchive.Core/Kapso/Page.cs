namespace KapsoArchive.Core.Kapso;

/// <summary>One API response of a listing.</summary>
/// <param name="Records">Each record's exact bytes, in the listing's order; slices of one array.</param>
/// <param name="Meta">What the source says of the page; null members where it says nothing.</param>
public sealed record Page(IReadOnlyList<ReadOnlyMemory<byte>> Records, PageMeta Meta);

/// <summary>The <c>meta</c> object of a page. A member is null if it is absent, or no whole number from 0 to 2,147,483,647, as a number or
/// as text.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct PageMeta(long? Page, long? PerPage, long? TotalPages, long? TotalCount);
