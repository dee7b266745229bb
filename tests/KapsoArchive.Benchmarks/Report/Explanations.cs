namespace KapsoArchive.Benchmarks.Report;

/// <summary>Why a goal is missed, where it is known, by how benchmark and measure begin. Words only: the numbers are measured.</summary>
internal static class Explanations
{
    private static readonly (string Beginning, string Reason)[] Known =
    [
        ("pipeline: CPU against DuckDB", "the floor itself, which fetches the pages and compresses them as one column, stands where the last line of this table says; DuckDB reads files, and fetches, compares, hashes and proves nothing"),
        ("pipeline: CPU against the plain way", "a profile shows compression first, then the JIT compiler, then the two readings of the JSON; the plain way shares the first two, and has no index, journal, hashes or statistics that hold"),
        ("pipeline: CPU against the floor", "a profile shows compression first, then the JIT compiler, then the two readings of the JSON; the floor has the first in C++, little of the second, and one of the third"),
        ("memory: peak of the largest against the smallest, one conversation", "the ids of a conversation being read are held exactly, some 21 bytes a message, and after them its leaf of the index, 24 bytes a message"),
        ("memory: peak of the largest against the smallest", "what the journal keeps of 500,000 rows waits in memory, twice while it is written, and the smallest has not as many"),
        ("memory: peak", "the ids of a conversation being read are held exactly, some 21 bytes a message, and after them its leaf of the index, 24 bytes a message; of many conversations, plan, journal and catalog are, some 30 MB for 100,000"),
        ("views: CPU for the", "the views list the nights and read the manifest of each, to know what is committed, and a part is a file of its own with a footer of its own: with a thousand rows a night, this weighs more than the rows"),
        ("nightly: CPU against the discovery pages", "the start of the program with its pipeline of handlers (the whole of the smallest night), the JIT compiler, and the list of all conversations, which is held and compared over two walks, weigh more than so few pages"),
    ];

    public static string Of(Figure figure) =>
        Known.FirstOrDefault(k => $"{figure.Benchmark}: {figure.Measure}".StartsWith(k.Beginning, StringComparison.Ordinal)).Reason ?? "nobody has looked for the reason yet";
}
