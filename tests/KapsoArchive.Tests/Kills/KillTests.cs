using System.Globalization;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>
/// The program is killed at random instants, again and again. <c>KAPSO_ARCHIVE_KILLS</c> and <c>KAPSO_ARCHIVE_KILLS_AZURITE</c> make it longer, <c>KAPSO_ARCHIVE_SEED</c> another: that decides
/// what is planned; which instruction a kill meets is the machine's affair.
/// </summary>
public sealed class KillTests(AzuriteServer azurite)
{
    /// <summary>With fewer, chance may leave a phase out.</summary>
    private const int ManyKills = 100;

    private static readonly int Seed = Setting("KAPSO_ARCHIVE_SEED", 1);

    [Fact]
    public async Task A_folder_archive_killed_at_any_moment_loses_and_doubles_nothing()
    {
        using var place = new FolderKillPlace();

        KillFigures figures = await LiveAsync(place, Setting("KAPSO_ARCHIVE_KILLS", Samples.IsExhaustive ? 120 : 12));

        if (figures.Kills >= ManyKills)
        {
            foreach (KillPhase phase in Enum.GetValues<KillPhase>().Where(p => p != KillPhase.End))
                figures.Of(phase).ShouldBeGreaterThanOrEqualTo(3, $"{phase}");
        }
    }

    [Fact]
    public async Task A_blob_archive_killed_at_any_moment_loses_and_doubles_nothing()
    {
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(TestContext.Current.CancellationToken), azurite.NewContainerName());

        await LiveAsync(place, Setting("KAPSO_ARCHIVE_KILLS_AZURITE", Samples.IsExhaustive ? 24 : 4));
    }

    private static async Task<KillFigures> LiveAsync(KillPlace place, int kills)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells at once that the holder of a lock is dead.");
        var random = new Random(Seed);
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 2_500, TestContext.Current.CancellationToken);
        using var rounds = new KillRounds(world, place, random, TestContext.Current.CancellationToken);
        try
        {
            await rounds.LiveAsync(kills);
            return rounds.Figures;
        }
        finally
        {
            TestContext.Current.TestOutputHelper!.WriteLine(rounds.Figures.Describe(Seed, place.LongestReveal, rounds.Versions));
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
