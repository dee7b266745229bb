using KapsoArchive.Benchmarks.Harness;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Does what one verb says, and prints what that cost this process as its last line.</summary>
internal static class ChildProgram
{
    private static readonly Dictionary<string, Func<ChildSettings, Task<Dictionary<string, double>>>> Verbs = new(StringComparer.Ordinal)
    {
        ["sandbox"] = SandboxChild.RunAsync,
        ["archive"] = ArchiveChild.RunAsync,
        ["plain"] = PlainChild.RunAsync,
        ["discover"] = DiscoveryChild.RunAsync,
        ["floor"] = FloorChild.RunAsync,
        ["save-pages"] = SavePagesChild.RunAsync,
        ["duckdb-pages"] = DuckDbPagesChild.RunAsync,
        ["write"] = WriterChild.RunAsync,
        ["duckdb-write"] = DuckDbWriterChild.RunAsync,
        ["query"] = QueryChild.RunAsync,
        ["copy"] = CopyChild.RunAsync,
        ["views"] = ViewsChild.RunAsync,
        ["years"] = YearsChild.RunAsync,
        ["program"] = ProgramChild.RunAsync,
        ["requests"] = RequestsChild.RunAsync,
    };

    public static async Task<int> RunAsync(string verb, IEnumerable<string> arguments)
    {
        Dictionary<string, double> facts = await Verbs[verb](new ChildSettings(arguments));
        await Console.Out.WriteLineAsync(ChildCost.OfThisProcess(facts).ToJson());
        return 0;
    }
}
