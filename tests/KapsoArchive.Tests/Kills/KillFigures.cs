using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace KapsoArchive.Tests.Kills;

/// <summary>Counts what the kills hit.</summary>
internal sealed class KillFigures
{
    private readonly Dictionary<KillPhase, int> _phases = Enum.GetValues<KillPhase>().ToDictionary(p => p, _ => 0);
    private readonly long _begun = Stopwatch.GetTimestamp();

    public int Kills => _phases.Values.Sum();

    /// <summary>Runs that had ended before their instant came.</summary>
    public int TooLate { get; set; }

    public int Runs { get; set; }

    public void Add(KillPhase phase) => _phases[phase]++;

    public int Of(KillPhase phase) => _phases[phase];

    public string Describe(int seed, TimeSpan? longestReveal, long versions)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Kills} kills of seed {seed} in {Stopwatch.GetElapsedTime(_begun).TotalSeconds:F0} s: ");
        text.AppendJoin(", ", _phases.Select(p => $"{p.Key} {p.Value}"));
        text.Append(CultureInfo.InvariantCulture, $"; {TooLate} too late, {Runs} runs to the end, {versions} message versions");
        if (longestReveal is { } reveal)
            text.Append(CultureInfo.InvariantCulture, $"; parts without their manifest for {reveal.TotalMilliseconds:F1} ms at most");
        return text.ToString();
    }
}
