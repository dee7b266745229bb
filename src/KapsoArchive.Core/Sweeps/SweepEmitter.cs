namespace KapsoArchive.Core.Sweeps;

/// <summary>Emits each record of one sweep once, numbered by its place in the listing.</summary>
/// <param name="head">Is notified of each record; null if nothing is known.</param>
/// <param name="emit">Receives the records.</param>
internal sealed class SweepEmitter(Coverage coverage, HeadRule? head, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit)
{
    private readonly HashSet<UInt128> _onPage = [];

    /// <summary>What was read of the listing's tail.</summary>
    public Coverage? Tail { get; set; }

    /// <param name="page">A page that is about to be joined. The content of its records is dropped afterwards.</param>
    /// <param name="number">Numbers the new records.</param>
    /// <param name="cancellationToken">Cancels; then no record was taken.</param>
    public async ValueTask EmitAsync(ListingPage page, Action<IReadOnlyList<ListingItem>> number, CancellationToken cancellationToken)
    {
        List<ListingItem> added = new(page.Items.Length);
        _onPage.Clear();
        foreach (ListingItem item in page.Items)
        {
            if (!coverage.Ids.Contains(item.Id) && Tail?.Ids.Contains(item.Id) != true && _onPage.Add(item.Id))
                added.Add(item);
        }

        number(added);
        await emit(added, cancellationToken);
        head?.Note(added);
        page.LetGo();
    }
}
