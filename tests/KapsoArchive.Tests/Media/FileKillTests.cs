using System.Text;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Media;

/// <summary>The program is killed while it fetches and publishes files: no file is lost, stored twice or visible without a run. <c>KAPSO_ARCHIVE_EXHAUSTIVE</c> makes it longer.</summary>
public sealed class FileKillTests(AzuriteServer azurite)
{
    private const int Killed = 128 + CliProcess.SigKill;

    private static readonly string[] Run = ["run", "--conversations", "all"];

    private readonly HashSet<string> _committed = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_archive_loses_and_doubles_no_file()
    {
        using var place = new FolderKillPlace();
        await LiveAsync(place, Samples.Count(6, 60));
        place.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blob_archive_loses_and_doubles_no_file()
    {
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await LiveAsync(place, Samples.Count(4, 12));
    }

    private async Task LiveAsync(KillPlace place, int kills)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells at once that the holder of a lock is dead.");
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var options = new SandboxOptions { Conversations = 4, Messages = 160, Media = new SandboxMedia { Duplicates = 0.2 } };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(options, cancellationToken: Cancellation);
        using var working = new TemporaryFolder();
        Dictionary<string, string> settings = new(place.Settings, StringComparer.Ordinal)
        {
            ["Kapso__ApiKey"] = options.ApiKey,
            ["Kapso__BaseUrl"] = sandbox.BaseUrl.ToString(),
            ["Archive__Media"] = "all",
            ["Archive__FullSweepEvery"] = "00:00:00",
        };
        TimeSpan typical = await FinishAsync("the first run");
        for (int done = 0, tries = 0; done < kills; tries++)
        {
            tries.ShouldBeLessThan(4 * kills, "most runs end before they are killed");
            Add(sandbox, random);
            // A run that has small slices, or fails for some files at first, has more to lose.
            settings["Archive__SliceDuration"] = random.Next(3) == 0 ? "00:00:01" : "00:08:00";
            sandbox.Media!.Faults = random.Next(3) == 0
                ? new SandboxMediaFaults { Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Slow] = 0.5 }, SlowSeconds = 0.1 }
                : SandboxMediaFaults.None;
            KillPlan plan = KillPlan.Draw(random, typical, place.Delay);
            await using (CliProcess process = CliProcess.Start(working.Path, settings, Run))
            {
                await place.KillAsync(process, plan, Cancellation);
                CliResult result = await process.EndAsync();
                if (result.ExitCode == Killed)
                    done++;
                else
                    result.ExitCode.ShouldBe(0, $"{plan}: {result.Error}");
            }

            (await StoreLook.TakeAsync(place, _committed, Cancellation)).Orphans.ShouldBeEmpty($"{plan}, seed {seed}");
            if (random.Next(3) > 0)
                typical = await FinishAsync($"after {plan}, seed {seed}");
        }

        await FinishAsync("at the end");
        CliResult sound = await CliProcess.RunAsync(working.Path, settings, "verify");
        sound.ExitCode.ShouldBe(0, sound.Error + sound.Output);

        async Task<TimeSpan> FinishAsync(string when)
        {
            sandbox.Media!.Faults = SandboxMediaFaults.None;
            long begun = TimeProvider.System.GetTimestamp();
            CliResult result = await CliProcess.RunAsync(working.Path, settings, Run);
            result.ExitCode.ShouldBe(0, $"{when}: {result.Error}");
            await FileTruth.ShouldBeWholeAsync(place.Store, sandbox.Media, when);
            return TimeProvider.System.GetElapsedTime(begun);
        }
    }

    /// <summary>Some messages come, each with a file.</summary>
    private static void Add(SandboxServer sandbox, Random random)
    {
        string[] names = ["picture.jpeg", "paper.pdf", "voice.ogg", "film.mp4", "photo.png", "card.vcf"];
        string[] types = ["image", "document", "audio", "video", "image", "document"];
        for (int i = random.Next(1, 20); i > 0; i--)
        {
            int kind = random.Next(names.Length);
            string id = Guid.NewGuid().ToString();
            string link = sandbox.Media!.LinkOf(id, names[kind]).ToString();
            string time = DateTime.UtcNow.ToString("O");
            string json = $$"""{"id":"{{id}}","message_type":"{{types[kind]}}","content":"{{names[kind]}}","direction":"inbound","status":"delivered","media_url":"{{link}}","created_at":"{{time}}","updated_at":"{{time}}"}""";
            SandboxConversation conversation = sandbox.Data.Conversations[random.Next(sandbox.Data.Conversations.Count)];
            sandbox.Listings.Moving(conversation.Id).Insert(SandboxMessage.Read(Encoding.UTF8.GetBytes(json), id, DateTimeOffset.UtcNow));
        }
    }
}
