using System.Collections;

namespace KapsoArchive.Core.Sweeps;

/// <summary>
/// An exact set of ids that takes about 21 bytes per id. A full <see cref="HashSet{T}"/> takes 32, and three times as much while it grows;
/// this set grows one shard at a time, in small steps.
/// </summary>
/// <remarks>Open addressing with linear probing. Zero marks an empty slot, so the id zero is stored separately. Ids are never
/// removed.</remarks>
internal sealed class IdSet : IReadOnlyCollection<UInt128>
{
    private const int Shards = 256;

    /// <summary>Up to this many ids, one shard is enough. Most listings are short.</summary>
    private const int MaxUnsharded = 4096;

    private const int FirstCapacity = 8;

    /// <summary>Differs in each process, so that nobody can choose ids that collide.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private UInt128[][] _shards = [[]];
    private int[] _counts = [0];
    private bool _hasZero;

    public int Count { get; private set; }

    public bool Contains(UInt128 id)
    {
        if (id == UInt128.Zero)
            return _hasZero;
        ulong hash = Hash(id);
        UInt128[] shard = _shards[ShardOf(hash)];
        return shard.Length > 0 && shard[Place(shard, id, hash)] == id;
    }

    /// <returns>Whether the id was added; false if the set had it already.</returns>
    public bool Add(UInt128 id)
    {
        bool added = id == UInt128.Zero ? !_hasZero && (_hasZero = true) : AddToShard(id);
        if (added && ++Count == MaxUnsharded)
            Divide();
        return added;
    }

    public void UnionWith(IEnumerable<UInt128> ids)
    {
        foreach (UInt128 id in ids)
            Add(id);
    }

    public IEnumerator<UInt128> GetEnumerator()
    {
        if (_hasZero)
            yield return UInt128.Zero;
        foreach (UInt128[] shard in _shards)
        {
            foreach (UInt128 id in shard)
            {
                if (id != UInt128.Zero)
                    yield return id;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ulong Hash(UInt128 id)
    {
        UInt128 product = Math.BigMul((ulong)(id >> 64) ^ Seed, 0x9E3779B97F4A7C15) ^ Math.BigMul((ulong)id + Seed, 0xD6E8FEB86659FD93);
        return ((ulong)(product >> 64) ^ (ulong)product) * 0xFF51AFD7ED558CCD;
    }

    /// <summary>The slot of the id, or the slot in which to insert it.</summary>
    private static int Place(UInt128[] shard, UInt128 id, ulong hash)
    {
        int place = (int)(((hash & uint.MaxValue) * (ulong)shard.Length) >> 32);
        while (shard[place] != id && shard[place] != UInt128.Zero)
            place = place + 1 == shard.Length ? 0 : place + 1;
        return place;
    }

    private int ShardOf(ulong hash) => _shards.Length == 1 ? 0 : (int)(hash >> 56);

    private bool AddToShard(UInt128 id)
    {
        ulong hash = Hash(id);
        int shard = ShardOf(hash);
        UInt128[] ids = _shards[shard];
        int place = ids.Length == 0 ? 0 : Place(ids, id, hash);
        if (ids.Length > 0 && ids[place] == id)
            return false;
        if (_counts[shard] >= ids.Length * 7 / 8)
        {
            _shards[shard] = ids = Grown(ids, shard);
            place = Place(ids, id, hash);
        }

        ids[place] = id;
        _counts[shard]++;
        return true;
    }

    /// <summary>Grows a shard by a quarter. The first step differs from shard to shard, so that they do not all grow at once.</summary>
    private static UInt128[] Grown(UInt128[] ids, int shard)
    {
        var grown = new UInt128[Math.Max(
            FirstCapacity,
            ids.Length < MaxUnsharded / Shards * 2 ? ids.Length * 2 + (ids.Length * shard / Shards) : ids.Length * 5 / 4)];
        foreach (UInt128 id in ids)
        {
            if (id != UInt128.Zero)
                grown[Place(grown, id, Hash(id))] = id;
        }

        return grown;
    }

    private void Divide()
    {
        UInt128[] all = _shards[0];
        _shards = new UInt128[Shards][];
        _counts = new int[Shards];
        Array.Fill(_shards, []);
        foreach (UInt128 id in all)
        {
            if (id != UInt128.Zero)
                AddToShard(id);
        }
    }
}
