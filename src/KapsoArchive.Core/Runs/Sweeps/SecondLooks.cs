namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>Looks again where equal times could deceive, with room on both sides; each loose seam once in a sweep.</summary>
internal sealed class SecondLooks(SweepPages pages, Func<ListingPage, CancellationToken, ValueTask> emit)
{
    /// <summary>Where to look for a loose seam, from the position that it had: the listing has moved since.</summary>
    private static readonly long[] Shifts = [0, -40, 40];

    /// <param name="coverage">Its seams are made firm.</param>
    /// <param name="matters">Which seams.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether all of those are firm now.</returns>
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

    private async Task<bool> TryFirmAsync(Coverage coverage, int seam, CancellationToken cancellationToken)
    {
        LooseSeam loose = coverage.LooseSeams[seam];
        foreach (long shift in Shifts)
        {
            SweepPage page = await pages.GetAsync(PagePlan.Around(Math.Max(0, loose.Position + shift)), overlap: 0, cancellationToken);
            if (!coverage.CanFirm(loose, page))
                continue;
            await emit(page.Records, cancellationToken);
            coverage.Firm(seam, page.Records);
            return true;
        }

        coverage.LeaveLoose(seam);
        return false;
    }
}
