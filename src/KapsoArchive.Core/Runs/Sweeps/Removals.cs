using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>Keeps which known messages the full sweeps of a reading did not find.</summary>
internal sealed class Removals(KnownMessages known)
{
    private IdSet _missing = [];

    /// <summary>What the last sweep lacked, and those before it that count.</summary>
    public IReadOnlyCollection<UInt128> Missing => _missing;

    /// <param name="seen">What the sweep found.</param>
    /// <param name="again">Whether the sweeps before it count as well: then only what is missing once more stays missing.</param>
    public void Note(IdSet seen, bool again)
    {
        if (again)
        {
            _missing = [.. _missing.Where(id => !seen.Contains(id))];
            return;
        }

        _missing = [];
        for (int i = 0; i < known.Count; i++)
        {
            UInt128 key = known.KeyAt(i);
            if (!seen.Contains(key))
                _missing.Add(key);
        }
    }

    public void Save(BinaryWriter state) => state.Write(_missing);

    public void Restore(BinaryReader state) => _missing = state.ReadIds() ?? [];
}
