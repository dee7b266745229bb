using System.Runtime.InteropServices;
using ParquetSharp;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Texts as Arrow C++ takes them, by address, held in their places until this is disposed.</summary>
internal sealed class PinnedTexts : IDisposable
{
    private readonly Dictionary<byte[], GCHandle> _handles = new(ReferenceEqualityComparer.Instance as IEqualityComparer<byte[]>);

    public ByteArray At(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
            return default;
        MemoryMarshal.TryGetArray(text, out ArraySegment<byte> place);
        ref GCHandle handle = ref CollectionsMarshal.GetValueRefOrAddDefault(_handles, place.Array!, out bool known);
        if (!known)
            handle = GCHandle.Alloc(place.Array, GCHandleType.Pinned);
        return new ByteArray(handle.AddrOfPinnedObject() + place.Offset, place.Count);
    }

    public void Dispose()
    {
        foreach (GCHandle handle in _handles.Values)
            handle.Free();
        _handles.Clear();
    }
}
