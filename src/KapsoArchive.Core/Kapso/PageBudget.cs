using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Bounds the bytes of large pages that are in memory at once, in the whole process. What a page takes is given back when its memory is,
/// and not before: whoever holds a record holds its page.
/// </summary>
internal sealed class PageBudget(IOptions<KapsoOptions> options) : IDisposable
{
    /// <summary>A page that is not larger takes nothing: a page of 100 ordinary records has some 60 KB.</summary>
    public const int Free = (128 * 1024) - 1;

    /// <summary>What is taken for a page whose size is not announced, as of one that comes compressed, until it turns out to be
    /// larger.</summary>
    public const int Usual = 1024 * 1024;

    /// <summary>A page counts so often: its rows are copied while they are written.</summary>
    private const int Copies = 4;

    /// <summary>Before a page that may be so large, memory that nobody holds is collected: it would wait for long otherwise.</summary>
    private const int Large = 4 * 1024 * 1024;

    /// <summary>After so many looks, of some three seconds, one page more proceeds: those in memory may wait for it.</summary>
    private const int MaxLooks = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConditionalWeakTable<byte[], Share> _pages = [];
    private readonly long _most = (long)options.Value.MaxInFlightMegabytes << 20;
    private long _taken;

    /// <summary>Waits until there is room for a page, first come, first served. One page always has room.</summary>
    /// <param name="bytes">What it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Must be disposed, or attached to the page's memory.</returns>
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

                // Memory that nobody holds any more still counts until it is collected.
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

    /// <summary>What one page takes.</summary>
    internal sealed class Share(PageBudget budget, int bytes) : IDisposable
    {
        private int _bytes = bytes;

#pragma warning disable MA0055 // Only the collector knows when nobody holds a record of the page any more.
        /// <summary>Runs when the memory of the page has been collected.</summary>
        ~Share() => budget.GiveBack(_bytes);
#pragma warning restore MA0055

        /// <summary>The page takes no more than its memory, for as long as that is held.</summary>
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
