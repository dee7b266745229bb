using System.Globalization;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How large and how often to measure.</summary>
/// <param name="Messages">The size that all others follow from.</param>
/// <param name="Rounds">How often each contender runs; the median counts.</param>
/// <param name="Short">Whether this is a trial, or CI's: sizes that take a minute all in all.</param>
/// <param name="Check">Whether a ratio far beyond its goal is an error.</param>
/// <param name="Json">A file to write the figures to as well; null for none.</param>
internal sealed record BenchmarkOptions(string Name, long Messages, int Rounds, bool Short, bool Check, string? Json)
{
    public const string Usage =
        """
        dotnet run -c Release --project tests/KapsoArchive.Benchmarks -- all|NAME [--messages N] [--rounds N] [--json FILE] [--short] [--check]

          --messages N   the size that all others follow from (1000000; with --short 30000)
          --rounds N     how often each contender runs, in turns; the median counts (3; with --short 1)
          --json FILE    writes the figures there as well
          --short        small sizes: a trial
          --check        ends with code 1 where a ratio is more than twice what its goal, or its known miss, allows
        """;

    /// <exception cref="FormatException">The message is for the user.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
            throw new FormatException(Usage);
        bool isShort = args.Contains("--short", StringComparer.Ordinal);
        var options = new BenchmarkOptions(args[0], isShort ? 30_000 : 1_000_000, isShort ? 1 : 3, isShort, Check: false, Json: null);
        for (int i = 1; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--short" => options,
                "--check" => options with { Check = true },
                "--messages" => options with { Messages = Number(args, ++i) },
                "--rounds" => options with { Rounds = (int)Number(args, ++i) },
                "--json" => options with { Json = ++i < args.Length ? args[i] : throw new FormatException("--json needs a file.") },
                var other => throw new FormatException($"There is no option {other}.\n\n{Usage}"),
            };
        }

        return options;
    }

    private static long Number(string[] args, int at) =>
        at < args.Length && long.TryParse(args[at], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : throw new FormatException($"{args[at - 1]} needs a whole number above 0.");
}
