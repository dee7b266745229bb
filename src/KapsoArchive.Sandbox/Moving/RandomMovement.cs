namespace KapsoArchive.Sandbox.Moving;

/// <summary>The random changes before one request, derived from the request's number.</summary>
internal sealed class RandomMovement(SandboxMovement movement, ulong bits)
{
    private static readonly string[] Statuses = ["sent", "delivered", "read", "failed"];

    private ulong _bits = Scramble.Bits(bits, (ulong)movement.Seed);

    public void Apply(MovingListing listing)
    {
        if (Happens(movement.HeadInsert)) listing.InsertNewest();
        if (Happens(movement.MiddleInsert)) listing.InsertAt(Below(listing.Count + 1));
        if (Happens(movement.Delete) && Pick(listing) is { } leaving) listing.Delete(leaving);
        if (Happens(movement.StatusChange) && Pick(listing) is { } changing) listing.Update(changing, Statuses[Below(Statuses.Length)]);
    }

    /// <summary>A random message of the listing, except those that never change.</summary>
    private string? Pick(MovingListing listing)
    {
        if (listing.Count == 0) return null;
        var message = listing.At(Below(listing.Count));
        return message.IsMalformed ? null : message.Id;
    }

    private bool Happens(double probability) => Scramble.Fraction(Next()) < probability;

    private int Below(int bound) => Scramble.Below(Next(), bound);

    private ulong Next() => _bits = Scramble.Bits(_bits);
}
