using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>How many rows the source gives in a page of its list, as it has shown in this run.</summary>
internal sealed class ListPageSizes
{
    /// <summary>How many rows to request: never more than the source gave when it held back more, because it may count its pages by either
    /// number.</summary>
    public int Requested { get; private set; } = KapsoClient.MaxPerPage;

    /// <summary>The most rows that a page had.</summary>
    public int Largest { get; private set; }

    /// <summary>Takes in a page, and tells whether its rows show that it is the last.</summary>
    public bool IsLast(int rows, int requested)
    {
        Largest = Math.Max(Largest, rows);
        return EndRule.IsLast(requested, rows, Largest);
    }

    /// <summary>The source held rows back.</summary>
    public void Clamp(int rows) => Requested = rows;

    /// <summary>A page of another size that holds the last of so many rows and would have too few behind it to be full: what it shows is
    /// not what the pages before showed.</summary>
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
