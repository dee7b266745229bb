using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Stored form of a paused reading: a version, the content, and a checksum of both.</summary>
internal static class SweepState
{
    private const byte Version = 2;

    private const int ChecksumSize = sizeof(ulong);

    public static byte[] Seal(Action<BinaryWriter> save)
    {
        using var bytes = new MemoryStream();
        using var state = new BinaryWriter(bytes);
        state.Write(Version);
        save(state);
        state.Write(XxHash3.HashToUInt64(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes differ from those that were saved.</exception>
    public static void Open(byte[] bytes, Action<BinaryReader> restore)
    {
        int length = bytes.Length - ChecksumSize;
        if (length < 1 || XxHash3.HashToUInt64(bytes.AsSpan(0, length)) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(length)))
            throw new InvalidDataException("The saved state of a reading is damaged: its checksum does not fit.");
        if (bytes[0] != Version)
            throw new InvalidDataException($"The saved state of a reading has version {bytes[0]}, which this program cannot read.");

        using BinaryReader state = IndexFormat.ReaderOf(bytes.AsMemory(1, length - 1));
        restore(state);
        if (state.BaseStream.Position != state.BaseStream.Length)
            throw new InvalidDataException("The saved state of a reading is longer than its content.");
    }

    public static void Write(this BinaryWriter state, HashSet<UInt128>? ids)
    {
        state.Write(ids?.Count ?? -1);
        foreach (UInt128 id in ids ?? [])
            state.Write(id);
    }

    public static HashSet<UInt128>? ReadIds(this BinaryReader state)
    {
        int count = state.ReadInt32();
        if (count < 0)
            return null;
        HashSet<UInt128> ids = [];
        for (int i = 0; i < count; i++)
            ids.Add(state.ReadUInt128());
        return ids;
    }

    public static void Write(this BinaryWriter state, PagePlan plan)
    {
        state.Write(plan.Page);
        state.Write(plan.PerPage);
    }

    public static PagePlan ReadPlan(this BinaryReader state) => new(state.ReadInt32(), state.ReadInt32());

    /// <summary>A stamp of a reading's goal. A state is valid only for its own goal.</summary>
    public static ulong StampOf(ReadingGoal goal)
    {
        var hash = new XxHash3();
        hash.Append(goal.Known.Entries.Span);
        foreach (UInt128 id in goal.Waiting.Order())
            hash.Append(MemoryMarshal.AsBytes<UInt128>([id]));
        ReadOnlySpan<long> rest =
        [
            goal.Known.NewestCreatedAt ?? long.MinValue, goal.Known.Rejected, goal.Full ? 1 : 0, goal.CountAgreed ? 1 : 0,
            goal.Lookback.Ticks, goal.Range.From?.UtcTicks ?? -1, goal.Range.To?.UtcTicks ?? -1,
        ];
        hash.Append(MemoryMarshal.AsBytes(rest));
        return hash.GetCurrentHashAsUInt64();
    }
}
