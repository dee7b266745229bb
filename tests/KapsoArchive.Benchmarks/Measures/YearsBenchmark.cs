using System.Globalization;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>What the program's own commands cost on an archive of 1,100 nights, beside one of ten nights with as many messages. The
/// program made both.</summary>
internal static class YearsBenchmark
{
    private const string Name = "years";
    private const int YoungNights = 10;
    private const int NewEachNight = 20;

    private static readonly DateTimeOffset NextNight = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<(string Name, string Command)> Commands =
    [
        ("status", "status|--lake|{0}|--quiet"),
        ("verify --subset 5%", "verify|--subset|5%|--lake|{0}|--quiet"),
        ("conversations", "conversations|--lake|{0}"),
        ("find", "find|gracias|--lake|{0}"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var files = new WorkFolder();
        int nights = options.Short ? 110 : 1_100;
        long import = Math.Min(options.Messages, 200_000);
        string old = files.File("old");
        string young = files.File("young");
        await using ChildProcess ofOld = ChildProcess.Start("years", [$"lake={old}", $"nights={nights}", $"messages={import}"]);
        (string oldSource, double commits) = await ReadAsync(ofOld);
        await using ChildProcess ofYoung = ChildProcess.Start(
            "years", [$"lake={young}", $"nights={YoungNights}", $"messages={import + NewEachNight * (nights - YoungNights)}"]);
        (string youngSource, _) = await ReadAsync(ofYoung);

        List<Figure> figures =
        [
            new Figure(Name, "nights of the old archive", nights, ""),
            new Figure(Name, "commits of the Delta tables, share of the CPU of a night", commits * 100, "%", Goal: 3),
        ];
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            Math.Max(3, options.Rounds),
            [
                Night("old quiet night", old, oldSource),
                Night("young quiet night", young, youngSource),
                .. Commands.SelectMany(c => new[] { Command($"old {c.Name}", c.Command, old), Command($"young {c.Name}", c.Command, young) }),
            ]);
        foreach (string command in Commands.Select(c => c.Name).Prepend("quiet night"))
        {
            (ChildCost before, ChildCost now) = (costs[$"young {command}"], costs[$"old {command}"]);
            figures.Add(new Figure(Name, $"{command}, time after {nights:#,0} nights", now.Wall, "s"));
            figures.Add(new Figure(Name, $"{command}, time against a young archive", now.Wall / before.Wall, "×", Goal: 2));
            figures.Add(new Figure(Name, $"{command}, CPU against a young archive", now.Cpu / before.Cpu, "×", Goal: 2));
        }

        return figures;
    }

    private static async Task<(string Source, double Commits)> ReadAsync(ChildProcess child)
    {
        string[] words = (await child.ReadAsync() ?? throw new InvalidOperationException("The nights were not made.")).Split(' ');
        return (words[0], double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A night on which nothing happened, on a copy of the lake.</summary>
    private static Contender Night(string name, string lake, string source) => new(name, folder =>
    {
        WorkFolder.Copy(lake, folder);
        return ChildProcess.RunAsync("archive", $"url={source}", $"Archive:Destination={folder}", $"at={NextNight:O}");
    });

    private static Contender Command(string name, string command, string lake) => new(
        name, folder => ChildProcess.RunAsync("program", $"command={string.Format(CultureInfo.InvariantCulture, command, lake)}"));
}
