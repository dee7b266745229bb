namespace KapsoArchive.Core.Kapso;

/// <summary>One API response of a listing.</summary>
/// <param name="Records">Each record's exact bytes, in the listing's order. All are slices of one array.</param>
/// <param name="Meta">The page's own metadata. A member is null if the source does not send it.</param>
public sealed record Page(IReadOnlyList<ReadOnlyMemory<byte>> Records, PageMeta Meta);

/// <summary>The <c>meta</c> object of a page. A member is null if it is absent or not a whole number from 0 to 2,147,483,647, as a number
/// or as text.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct PageMeta(long? Page, long? PerPage, long? TotalPages, long? TotalCount);
