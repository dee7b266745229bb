namespace KapsoArchive.Benchmarks.Report;

/// <summary>Why a goal is missed, where it is known, by how benchmark and measure begin. Words only: the numbers are measured.</summary>
internal static class Explanations
{
    private static readonly (string Beginning, string Reason)[] Known =
    [
        ("pipeline: CPU against DuckDB", "DuckDB is compiled ahead, and neither fetches, compares, hashes nor proves anything; a profile of ours shows the JIT compiler, the collector and the gathering of columns before all else"),
        ("pipeline: CPU against the plain way", "a profile shows the JIT compiler, the collector and the gathering of columns before all else; the plain way has no index, journal, hashes or statistics that hold"),
        ("pipeline: CPU against the floor", "a profile shows the JIT compiler, the collector and the gathering of columns before all else; none of them is in the floor"),
        ("memory: peak", "the collector lets the heap grow while the machine has memory to spare, and some of it is alive: under a limit of the heap a giant conversation of a million messages fits into the goal for a little more CPU, one of twice as many does not"),
        ("nightly: CPU against the discovery pages", "the start of the program with its pipeline of handlers, and the index of all conversations, weigh more than so few pages"),
    ];

    public static string Of(Figure figure) =>
        Known.FirstOrDefault(k => $"{figure.Benchmark}: {figure.Measure}".StartsWith(k.Beginning, StringComparison.Ordinal)).Reason ?? "nobody has looked for the reason yet";
}
