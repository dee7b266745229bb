using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Takes second looks at loose seams, with room on both sides; at each seam once per sweep.</summary>
internal sealed class SecondLooks(SweepPages pages, PageChooser chooser, Func<ListingPage, CancellationToken, ValueTask> emit)
{
    /// <summary>Offsets from a loose seam's earlier position at which to look for it, because the listing has moved since.</summary>
    private static readonly long[] Shifts = [0, -40, 40];

    /// <param name="coverage">Its seams are made firm.</param>
    /// <param name="matters">Selects the seams.</param>
    /// <returns>Whether all selected seams are firm now.</returns>
    public async Task<bool> FirmAsync(Coverage coverage, Func<LooseSeam, bool> matters, CancellationToken cancellationToken)
    {
        bool allFirm = true;
        for (int seam = 0; seam < coverage.LooseSeams.Count;)
        {
            LooseSeam loose = coverage.LooseSeams[seam];
            bool firmed = matters(loose) && !loose.StaysLoose && await TryFirmAsync(coverage, seam, cancellationToken);
            allFirm &= firmed || !matters(loose);
            seam += firmed ? 0 : 1;
        }

        return allFirm;
    }

    /// <summary>Gets a page that helps, but that the sweep does not need.</summary>
    /// <param name="overlap">As in <see cref="SweepPages.GetAsync"/>.</param>
    /// <returns>Null if the source refuses the page or cannot return it.</returns>
    public async Task<SweepPage?> TryGetAsync(PagePlan plan, int overlap, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.GetAsync(plan, overlap, cancellationToken);
        }
        catch (PageRefusedException)
        {
            return null;
        }
        catch (UnreadablePageException e)
        {
            chooser.FailedLook(e);
            return null;
        }
    }

    private async Task<bool> TryFirmAsync(Coverage coverage, int seam, CancellationToken cancellationToken)
    {
        LooseSeam loose = coverage.LooseSeams[seam];
        foreach (long shift in Shifts)
        {
            SweepPage? page = await TryGetAsync(
                PagePlan.Around(Math.Max(0, loose.Position + shift), chooser.Size), overlap: 0, cancellationToken);
            if (page is null || !coverage.CanFirm(loose, page))
                continue;
            await emit(page.Records, cancellationToken);
            coverage.Firm(seam, page.Records);
            return true;
        }

        coverage.LeaveLoose(seam);
        return false;
    }
}
