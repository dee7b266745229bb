using System.Numerics;

namespace KapsoArchive.Sandbox.Data;

/// <summary>A shuffle of 0 … <c>count − 1</c> that is computed per number, without storage: a Feistel network over the next even power of
/// two, applied repeatedly until the result is in range (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).</summary>
internal sealed class Permutation
{
    private const int Rounds = 4;

    private readonly ulong _key;
    private readonly ulong _count;
    private readonly int _half;
    private readonly ulong _mask;

    public Permutation(ulong key, long count)
    {
        _key = key;
        _count = (ulong)count;
        int bits = 64 - BitOperations.LeadingZeroCount(_count);
        _half = Math.Max(1, (bits + 1) / 2);
        _mask = (1UL << _half) - 1;
    }

    public long this[long number]
    {
        get
        {
            ulong value = (ulong)number;
            do value = Encipher(value);
            while (value >= _count);
            return (long)value;
        }
    }

    private ulong Encipher(ulong value)
    {
        ulong left = value >> _half;
        ulong right = value & _mask;
        for (ulong round = 0; round < Rounds; round++)
        {
            ulong mixed = left ^ (Scramble.Bits(_key + round, right) & _mask);
            left = right;
            right = mixed;
        }
        return (left << _half) | right;
    }
}
