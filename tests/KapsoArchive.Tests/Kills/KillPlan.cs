namespace KapsoArchive.Tests.Kills;

/// <summary>When to kill: so long after the nth time that something was done, or after the start of the process where the step is none.</summary>
internal sealed record KillPlan(KillStep Step, int Nth, TimeSpan Delay)
{
    /// <summary>Steps, how often each is seen in a run, and how often to choose it: what takes a run the least time is chosen as often as the rest.</summary>
    private static readonly (KillStep Step, int Most, int Weight)[] Steps =
    [
        (KillStep.Document, 24, 4),
        (KillStep.JournalEntry, 4, 2),
        (KillStep.Staged, 3, 2),
        (KillStep.Commit, 1, 2),
        (KillStep.Part, 3, 4),
        (KillStep.Manifest, 1, 3),
        (KillStep.TableCommit, 3, 3),
        (KillStep.Pointer, 1, 2),
        (KillStep.Leaf, 1, 1),
        (KillStep.Catalog, 1, 2),
        (KillStep.JournalDeletion, 4, 2),
    ];

    /// <param name="random">Decides.</param>
    /// <param name="typical">How long a run takes that nobody kills.</param>
    /// <param name="delay">How long after a step at most.</param>
    public static KillPlan Draw(Random random, TimeSpan typical, TimeSpan delay)
    {
        if (random.Next(3) == 0)
            return new KillPlan(KillStep.None, 0, typical * (0.1 + (0.95 * random.NextDouble())));
        int drawn = random.Next(Steps.Sum(s => s.Weight));
        foreach ((KillStep step, int most, int weight) in Steps)
        {
            drawn -= weight;
            if (drawn < 0)
                return new KillPlan(step, 1 + random.Next(most), random.Next(2) == 0 ? TimeSpan.Zero : delay * random.NextDouble());
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    public override string ToString() => Step == KillStep.None ? $"{Delay.TotalMilliseconds:F0} ms after the start" : $"{Delay.TotalMilliseconds:F1} ms after {Step} {Nth}";
}
