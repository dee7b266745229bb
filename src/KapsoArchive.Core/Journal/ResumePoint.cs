using System.Numerics;

namespace KapsoArchive.Core.Journal;

/// <summary>Where a run stands after an entry of its journal. With it, the next slice need not read the earlier entries.</summary>
/// <param name="Sums">What all entries up to this one hold together.</param>
/// <param name="Finished">One bit for each planned conversation, in the order of the plan, the lowest bit of a byte first.</param>
/// <param name="Open">The conversations that were begun and are not finished.</param>
internal sealed record ResumePoint(
    [property: JsonRequired] JournalSums Sums, [property: JsonRequired] byte[] Finished,
    [property: JsonRequired] IReadOnlyList<OpenConversation> Open)
{
    /// <summary>The start of a run with this many conversations.</summary>
    public static ResumePoint Start(int planned) => new(JournalSums.None, new byte[(planned + 7) / 8], []);

    public bool IsFinished(int place) => (Finished[place / 8] & (1 << (place % 8))) != 0;

    /// <summary>Whether it can be that of a run with this many conversations.</summary>
    public bool Fits(int planned) =>
        Finished.Length == (planned + 7) / 8 && Finished.Sum(b => BitOperations.PopCount(b)) == Sums.Done;
}
