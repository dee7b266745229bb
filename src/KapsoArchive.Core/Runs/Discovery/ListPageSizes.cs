using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>Number of rows that the source returns per page of its list, as seen in this run.</summary>
internal sealed class ListPageSizes
{
    /// <summary>Number of rows to request: if the source capped a page, never more than it returned then, because it may number its pages
    /// by either size.</summary>
    public int Requested { get; private set; } = KapsoClient.MaxPerPage;

    /// <summary>Size of the largest page.</summary>
    public int Largest { get; private set; }

    /// <summary>Notes a page, and returns whether its size shows that it is the last.</summary>
    public bool IsLast(int rows, int requested)
    {
        Largest = Math.Max(Largest, rows);
        return EndRule.IsLast(requested, rows, Largest);
    }

    /// <summary>Notes that the source capped a page.</summary>
    public void Clamp(int rows) => Requested = rows;

    /// <summary>A page of another size that holds the last of this many rows and cannot be full after it. It is independent of the pages
    /// before.</summary>
    public (int Page, int Size)? Across(long rows)
    {
        for (int size = Requested - 1; size > 0; size--)
        {
            long page = ((rows - 1) / size) + 1;
            long left = rows - ((page - 1) * size);
            if (EndRule.IsLast(size, (int)left, Largest))
                return ((int)page, size);
        }

        return null;
    }
}
