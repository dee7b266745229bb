namespace KapsoArchive.Sandbox.Data;

/// <summary>How many messages each conversation has: a few very long ones and a long tail, as in real support traffic (Zipf's
/// law).</summary>
internal static class ConversationLengths
{
    private const double Exponent = 1.05;

    /// <summary>Lengths that sum to <paramref name="messages"/>. Each is at least 1 if there are enough messages.</summary>
    public static long[] Draw(ulong seed, int conversations, long messages)
    {
        var lengths = new long[conversations];
        if (conversations == 0) return lengths;

        long least = messages >= conversations ? 1 : 0;
        long toShare = messages - least * conversations;
        double weightOfAll = 0;
        for (int rank = 0; rank < conversations; rank++) weightOfAll += Weight(rank);

        // Cumulative shares, rounded once each, so that rounding neither loses nor invents a message.
        var places = new Permutation(seed, conversations);
        double weightSoFar = 0;
        long shared = 0;
        for (int rank = 0; rank < conversations; rank++)
        {
            weightSoFar += Weight(rank);
            bool last = rank == conversations - 1;
            long sharedNow = last ? toShare : Math.Min(toShare, (long)(toShare * (weightSoFar / weightOfAll)));
            lengths[places[rank]] = least + sharedNow - shared;
            shared = sharedNow;
        }
        return lengths;
    }

    private static double Weight(int rank) => Math.Pow(rank + 1, -Exponent);
}
