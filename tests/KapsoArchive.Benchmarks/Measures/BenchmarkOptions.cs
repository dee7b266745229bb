using System.Globalization;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How large and how often to measure.</summary>
/// <param name="Messages">The size that all others follow from.</param>
/// <param name="Rounds">How often each contender runs; the median counts.</param>
/// <param name="Short">Whether this is a trial, or CI's: sizes that take a minute all in all.</param>
/// <param name="Json">A file to write the figures to as well; null for none.</param>
/// <param name="AsBuilt">Whether the programs are measured as they were built, and not compiled ahead as they are published.</param>
internal sealed record BenchmarkOptions(string Name, long Messages, int Rounds, bool Short, string? Json, bool AsBuilt)
{
    private const string CheckName = "check";

    public const string Usage =
        """
        dotnet run -c Release --project tests/KapsoArchive.Benchmarks -- all|check|NAME [--messages N] [--rounds N] [--json FILE] [--short] [--as-built]

          check          the ratios of pipeline, writer and start in a size that takes less than a minute; ends with code 1 where one tells of a regression

          --messages N   the size that all others follow from (1000000; with --short 30000)
          --rounds N     how often each contender runs, in turns; the median counts (3; with --short 1)
          --json FILE    writes the figures there as well
          --short        small sizes: a trial
          --as-built     the programs as they were built, and not compiled ahead as they are published; so it is with check
        """;

    public bool Check => Name == CheckName;

    public bool Asks(string benchmark) => Name == "all" || Name == benchmark || (Check && benchmark is ("pipeline" or "writer" or "start"));

    /// <exception cref="FormatException">The message is for the user.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
            throw new FormatException(Usage);
        bool isShort = args[0] == CheckName || args.Contains("--short", StringComparer.Ordinal);
        long messages = args[0] == CheckName ? 100_000 : isShort ? 30_000 : 1_000_000;
        var options = new BenchmarkOptions(args[0], messages, isShort ? 1 : 3, isShort, Json: null, AsBuilt: args[0] == CheckName);
        for (int i = 1; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--short" => options,
                "--as-built" => options with { AsBuilt = true },
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
