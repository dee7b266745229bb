using System.Diagnostics;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>The life of one archive whose runs are killed, night after night: each night the world moves, a run or several are killed, and
/// the next comes to its end.</summary>
internal sealed class KillRounds(KillWorld world, KillPlace place, Random random, CancellationToken cancellationToken) : IDisposable
{
    private const int Killed = 128 + CliProcess.SigKill;
    private static readonly TimeSpan RestlessRun = TimeSpan.FromSeconds(3);
    private static readonly string[] Arguments = ["run", "--conversations", "all"];

    private readonly TemporaryFolder _working = new();
    private readonly ArchiveAudit _audit = new(place);
    private TimeSpan _quietRun;

    public KillFigures Figures { get; } = new();

    public long Versions => _audit.Versions;

    public async Task LiveAsync(int kills)
    {
        await FinishAsync("the first run");
        await FinishAsync("a run with nothing new");
        while (Figures.Kills < kills)
        {
            string when = $"round {Figures.Runs}";
            int inARow = random.Next(4) == 0 ? 3 : 1;
            for (int i = 0; i < inARow && Figures.Kills < kills; i++)
            {
                if (i == 0 || random.Next(2) == 0)
                    world.Move();
                when += await KillAsync(restless: random.Next(5) == 0);
            }

            await FinishAsync(when);
        }

        await _audit.CheckAllAsync(cancellationToken);
    }

    public void Dispose()
    {
        _audit.Dispose();
        _working.Dispose();
    }

    /// <returns>What happened, for the message of an assertion that fails.</returns>
    private async Task<string> KillAsync(bool restless)
    {
        KillPlan plan = KillPlan.Draw(random, restless ? RestlessRun : _quietRun, place.Delay);
        world.IsRestless = restless;
        Dictionary<string, string> settings = Settings();
        if (restless)
            settings["Archive__SliceDuration"] = "00:00:01";
        await using CliProcess process = CliProcess.Start(_working.Path, settings, Arguments);
        await place.KillAsync(process, plan, cancellationToken);
        world.IsRestless = false;
        CliResult result = await process.EndAsync();
        if (result.ExitCode != Killed)
        {
            result.ExitCode.ShouldBe(0, $"{plan}: {result.Error}");
            Figures.TooLate++;
            return $", not killed ({plan})";
        }

        StoreLook look = await StoreLook.TakeAsync(place, _audit.Committed, cancellationToken);
        Figures.Add(look.Phase);
        string what = $", killed before {look.Phase} ({plan}{(restless ? ", restless" : "")})";
        look.Orphans.ShouldBeEmpty(what);
        return what;
    }

    private async Task FinishAsync(string when)
    {
        long begun = Stopwatch.GetTimestamp();
        CliResult result = await CliProcess.RunAsync(_working.Path, Settings(), Arguments);
        _quietRun = Stopwatch.GetElapsedTime(begun);
        result.ExitCode.ShouldBe(0, $"{when}: {result.Error}");
        Figures.Runs++;
        if (world.TakeDeleted())
            (await CliProcess.RunAsync(_working.Path, Settings(), Arguments)).ExitCode.ShouldBe(0, when);
        await _audit.CheckAsync(world.Truth(), when, cancellationToken);
    }

    private Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = world.Settings();
        foreach ((string name, string value) in place.Settings)
            settings[name] = value;
        return settings;
    }
}
