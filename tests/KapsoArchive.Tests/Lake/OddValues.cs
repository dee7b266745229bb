using System.Text;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>Records whose values stopped a run, poisoned a file, or made a query fail, one a line of <c>odd-values.jsonl</c>.</summary>
internal static class OddValues
{
    public static IReadOnlyList<byte[]> Records { get; } =
        [.. File.ReadAllLines(Repository.File("tests", "KapsoArchive.Tests", "Lake", "odd-values.jsonl")).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes)];
}
