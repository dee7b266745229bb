namespace KapsoArchive.Tests.Kapso;

/// <summary>One window of the simulated source, and who spent what in it.</summary>
/// <param name="asked">Requests that another client sends in this window, evenly spread.</param>
internal sealed class SimulatedWindow(int limit, int asked, double phase)
{
    private int _othersAsked;

    public int Limit => limit;

    public int Ours { get; private set; }

    public int Others { get; private set; }

    public int Throttled { get; private set; }

    public int Remaining => limit - Ours - Others;

    /// <summary>Of what the other client left, the part that we used.</summary>
    public double Used => (double)Ours / (limit - Others);

    public bool Spend()
    {
        if (Remaining == 0)
        {
            Throttled++;
            return false;
        }

        Ours++;
        return true;
    }

    /// <summary>What the other client has sent when this part of the window is over. Past the limit it is refused, as we are.</summary>
    public void LetOthersSpend(double part)
    {
        for (; _othersAsked + phase < part * asked; _othersAsked++)
        {
            if (Remaining > 0)
                Others++;
        }
    }
}
