using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal.Notes;

/// <summary>
/// Decides which messages a run marks as removed: those that are missing in a full sweep with a proven end, in this run and in one at least
/// <paramref name="grace"/> earlier, if no sweep between them found them. So a listing that is empty or truncated for a moment removes
/// nothing.
/// </summary>
/// <param name="grace">Minimum time between the two runs; see <see cref="ArchiveOptions.RemovalGrace"/>.</param>
/// <param name="now">Start of the run, in microseconds.</param>
/// <param name="isAccepted">Whether a person accepted that the missing messages were removed. Then neither the time nor the number
/// matters.</param>
internal sealed class RemovalRule(TimeSpan grace, long now, bool isAccepted)
{
    /// <summary>Number of messages of one conversation that may always be marked as removed together.</summary>
    private const int Few = 20;

    /// <summary>Divisor of the share of a conversation beyond which a person must agree.</summary>
    private const int Share = 5;

    /// <param name="conversationId">For the command with which a person agrees.</param>
    /// <param name="known">The archived messages that were still listed, as far as was known.</param>
    /// <param name="waiting">The messages that earlier sweeps did not find.</param>
    /// <param name="saw">Whether the reading found a message.</param>
    /// <param name="isWitness">Whether the reading proved that a message it did not find is not listed.</param>
    public RemovalDecision Decide(
        string conversationId, KnownMessages known, IReadOnlyList<WaitingMessage> waiting, Func<UInt128, bool> saw, bool isWitness)
    {
        if (!isWitness)
            return new RemovalDecision([], [.. waiting.Where(w => !saw(w.Key))]);

        Dictionary<UInt128, long> since = waiting.ToDictionary(w => w.Key, w => w.Since);
        List<WaitingMessage> missing = [];
        for (int i = 0; i < known.Count; i++)
        {
            if (known.KeyAt(i) is var key && !saw(key))
                missing.Add(new WaitingMessage(key, Math.Min(since.GetValueOrDefault(key, now), now)));
        }

        if (missing.Count > Few && missing.Count * Share > known.Count && !isAccepted)
            return new RemovalDecision([], missing) { Objection = Objection(conversationId, missing.Count, known.Count) };
        List<UInt128> removed = [.. missing.Where(IsRipe).Select(m => m.Key)];
        List<WaitingMessage> left = [.. missing.Where(m => !IsRipe(m))];
        return new RemovalDecision(removed, left) { Remark = left.Count == 0 ? null : Remark(left) };
    }

    private bool IsRipe(WaitingMessage message) =>
        message.Since < now && (isAccepted || now - message.Since >= (long)grace.TotalMicroseconds);

    private string Remark(List<WaitingMessage> waiting)
    {
        DateTimeOffset ripe = Timestamp.FromMicros(waiting.Min(w => w.Since)) + grace;
        string them = waiting.Count == 1
            ? "1 archived message is"
            : $"{waiting.Count.ToString(CultureInfo.InvariantCulture)} archived messages are";
        return isAccepted
            ? $"{them} not listed for the first time, so the next run may mark as removed what is then still missing"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{them} no longer listed; what is still missing in a full sweep from {ripe.UtcDateTime:yyyy-MM-dd HH:mm} UTC on is marked "
                    + $"as removed");
    }

    private static string Objection(string conversationId, int missing, int known) => string.Create(
        CultureInfo.InvariantCulture,
        $"{missing} of {known} archived messages are no longer listed, which is more than a fifth, so nothing was marked as removed. "
        + $"If they were deleted: kapso-archive run --conversation {conversationId} {IncompleteReason.AcceptRemovals} {conversationId}");
}
