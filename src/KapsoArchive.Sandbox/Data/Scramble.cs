using System.Buffers.Binary;
using System.Numerics;

namespace KapsoArchive.Sandbox.Data;

/// <summary>Random-looking bits as a pure function of their inputs (the finalizer of SplitMix64, https://prng.di.unimi.it/splitmix64.c):
/// all of the sandbox's data comes from it, so any record can be generated without its predecessors.</summary>
internal static class Scramble
{
    public static ulong Bits(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>For a fixed key, different numbers always give different bits.</summary>
    // Rotated, so that key and number do not commute: conversation 2 of seed 1 is not conversation 1 of seed 2.
    public static ulong Bits(ulong key, ulong number) => Bits(BitOperations.RotateLeft(key, 23) ^ Bits(number));

    /// <summary>Hashes a text to a number that is the same in every process.</summary>
    public static ulong Hash(string text)
    {
        ulong hash = 0;
        foreach (char character in text) hash = Bits(hash + character);
        return hash;
    }

    /// <summary>Maps the bits to a number from 0 to <paramref name="bound"/> − 1, evenly distributed.</summary>
    public static int Below(ulong bits, int bound) => (int)Math.BigMul(bits, (ulong)bound, out _);

    /// <inheritdoc cref="Below(ulong, int)"/>
    public static long Below(ulong bits, long bound) => (long)Math.BigMul(bits, (ulong)bound, out _);

    /// <summary>Maps the bits to a fraction from 0 (inclusive) to 1 (exclusive).</summary>
    public static double Fraction(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    public static Guid Uuid(ulong high, ulong low)
    {
        // The version and variant bits of a random UUID (RFC 9562, version 4), as Rails makes them.
        high = (high & ~0xF000UL) | 0x4000UL;
        low = (low & ~(0b11UL << 62)) | (0b10UL << 62);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }
}
