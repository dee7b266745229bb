using System.Globalization;
using CsCheck;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>One thing that happens to a listing, after so many requests.</summary>
internal sealed record Step(int After, Kind Kind, double Where, int Times)
{
    public static Gen<Step> Within(int requests) => Of(requests, Gen.Frequency((4, Gen.Const(Kind.Head)), (2, Gen.Const(Kind.Middle)), (4, Gen.Const(Kind.Delete)), (1, Gen.Const(Kind.Status))));

    /// <summary>Mostly what happens to most conversations: messages come, and their statuses change.</summary>
    public static Gen<Step> CalmWithin(int requests) => Of(requests, Gen.Frequency((20, Gen.Const(Kind.Head)), (1, Gen.Const(Kind.Middle)), (1, Gen.Const(Kind.Delete)), (4, Gen.Const(Kind.Status))));

    private static Gen<Step> Of(int requests, Gen<Kind> kinds) => Gen.Select(
        Gen.Int[0, requests], kinds, Gen.Double.Unit, Gen.Int[1, 3],
        (after, kind, where, times) => new Step(after, kind, where, times));

    public void Apply(MovingListing listing)
    {
        for (int i = 0; i < Times; i++)
        {
            int count = listing.Count;
            int position = (int)(Where * count);
            if (Kind == Kind.Head)
                listing.InsertNewest();
            else if (Kind == Kind.Middle)
                listing.InsertAt(position);
            else if (count > 0 && Kind == Kind.Delete)
                listing.Delete(listing.At(position).Id);
            else if (count > 0)
                listing.Update(listing.At(position).Id, "read");
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Times}×{Kind}@{After}/{Where:F3}");
}

internal enum Kind
{
    Head,
    Middle,
    Delete,
    Status,
}
