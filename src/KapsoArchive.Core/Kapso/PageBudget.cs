namespace KapsoArchive.Core.Kapso;

/// <summary>Limits the bytes of large pages that one archive has in memory at once. A page's share is returned when its memory is freed:
/// each record in use keeps its page alive.</summary>
internal sealed class PageBudget(KapsoOptions options) : IDisposable
{
    /// <summary>Pages up to this size are not counted. A page of 100 ordinary records has some 60 KB.</summary>
    public const int Free = (128 * 1024) - 1;

    /// <summary>The initial share of a page of unknown size, such as a compressed one, until it turns out to be larger.</summary>
    public const int Usual = 1024 * 1024;

    /// <summary>Factor for each page, because its rows are copied while they are written.</summary>
    private const int Copies = 4;

    /// <summary>Before a page of this size or more, unused memory is collected; otherwise the wait would be long.</summary>
    private const int Large = 4 * 1024 * 1024;

    /// <summary>After this many checks, some three seconds, one more page may proceed: the pages in memory may be waiting for it.</summary>
    private const int MaxLooks = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConditionalWeakTable<byte[], Share> _pages = [];
    private readonly long _most = (long)options.MaxInFlightMegabytes << 20;
    private long _taken;

    /// <summary>Waits until there is room for a page, in order of arrival. One page always has room.</summary>
    /// <param name="bytes">The page's maximum size.</param>
    /// <returns>Dispose it, or attach it to the page's memory.</returns>
    public async ValueTask<Share> TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (bytes >= Large)
                GC.Collect();
            for (int look = 0; !HasRoom(bytes, isLate: look >= MaxLooks); look++)
            {
                if (look > 0)
                    await Task.Delay(Pause, cancellationToken);

                // Unused memory counts until it is collected.
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Interlocked.Add(ref _taken, (long)bytes * Copies);
            return new Share(this, bytes);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool HasRoom(int bytes, bool isLate)
    {
        long taken = Interlocked.Read(ref _taken);
        return taken == 0 || taken + ((long)bytes * Copies) <= _most || isLate;
    }

    private void GiveBack(int bytes) => Interlocked.Add(ref _taken, -(long)bytes * Copies);

    /// <summary>The share of one page.</summary>
    internal sealed class Share(PageBudget budget, int bytes) : IDisposable
    {
        private int _bytes = bytes;

#pragma warning disable MA0055 // Only the garbage collector knows when the page's last record is unused.
        /// <summary>Runs when the page's memory has been collected.</summary>
        ~Share() => budget.GiveBack(_bytes);
#pragma warning restore MA0055

        /// <summary>Reduces the share to the page's actual memory and ties it to that memory's lifetime.</summary>
        public void Attach(byte[] page, int length)
        {
            budget.GiveBack(_bytes - length);
            _bytes = length;
            budget._pages.Add(page, this);
        }

        public void Dispose()
        {
            budget.GiveBack(Interlocked.Exchange(ref _bytes, 0));
            GC.SuppressFinalize(this);
        }
    }
}
