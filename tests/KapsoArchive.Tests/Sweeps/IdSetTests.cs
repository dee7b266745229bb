using CsCheck;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Tests.Sweeps;

public sealed class IdSetTests
{
    [Fact]
    public void It_agrees_with_a_hash_set()
    {
        Gen<UInt128> id = Gen.OneOf(
            Gen.Int[0, 50].Select(n => (UInt128)n),
            Gen.Int[0, 50].Select(n => (UInt128)n << 64),
            Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low)));
        id.Array[0, 300].Sample(ids => Check(ids));
    }

    [Fact]
    public void It_holds_many_similar_ids()
    {
        Check([.. Enumerable.Range(0, 60_000).Select(n => (UInt128)n)]);
        Check([.. Enumerable.Range(0, 60_000).Select(n => (UInt128)n << 96)]);
        var random = new Random(1);
        Check([.. Enumerable.Range(0, 60_000).Select(_ => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))]);
    }

    private static void Check(UInt128[] ids)
    {
        IdSet set = [];
        HashSet<UInt128> model = [];
        foreach (UInt128 id in ids)
        {
            set.Contains(id).ShouldBe(model.Contains(id));
            set.Add(id).ShouldBe(model.Add(id));
            set.Contains(id).ShouldBeTrue();
        }

        set.Count.ShouldBe(model.Count);
        model.SetEquals(set).ShouldBeTrue();
        ids.All(set.Contains).ShouldBeTrue();
        ids.Any(id => set.Contains(~id) != model.Contains(~id)).ShouldBeFalse();
    }
}
