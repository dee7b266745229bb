using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Upgrades;

namespace KapsoArchive.Tests.Faults;

/// <summary>A journal that says nothing, or speaks of another run: the next run gives that run up at once, and loses nothing.</summary>
public sealed class DamagedJournalTests : CliTest
{
    private const string RunId = "20261107T020000Z-0123abcd";

    private static readonly string[] Documents = ["run.json", "plan.json", "00000.json", "commit.json"];

    /// <summary>Each document, empty, without content, and that of another run.</summary>
    public static TheoryData<string, string> Damages
    {
        get
        {
            var damages = new TheoryData<string, string>();
            foreach (string document in Documents)
            {
                damages.Add(document, "");
                damages.Add(document, "{}");
            }

            damages.Add("run.json", "another");
            damages.Add("00000.json", "another");
            return damages;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task The_next_run_gives_up_a_run_with_a_damaged_journal(string document, string content)
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.HalfFinished);
        string journal = Directory.GetDirectories(Path.Combine(fixture.Folder, "_state", "journal")).ShouldHaveSingleItem();
        string id = Path.GetFileName(journal);
        string file = Path.Combine(journal, document);
        await File.WriteAllTextAsync(
            file, content == "another" ? (await File.ReadAllTextAsync(file, Cancellation)).Replace(id, RunId, StringComparison.Ordinal) : content, Cancellation);
        await using RunHarness harness = fixture.Harness();

        Manifest manifest = await harness.RunAsync();

        manifest.Status.ShouldBe("Succeeded");
        harness.Tracker.GivenUp.ShouldHaveSingleItem().ShouldStartWith($"Run {id} was given up. Its journal is damaged: journal/{id}/{document} ");
        Directory.Exists(journal).ShouldBeFalse();
        Directory.Exists(Path.Combine(fixture.Folder, "_state", "staging", id)).ShouldBeFalse();
        VerificationReport report = await new ArchiveVerification(fixture.Store, fixture.Time)
            .VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
        await fixture.ShouldHoldTheListingAsync(document);
    }

    [Fact]
    public async Task A_committed_run_with_a_damaged_journal_stays_committed()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.HalfCommitted);
        string journal = Directory.GetDirectories(Path.Combine(fixture.Folder, "_state", "journal")).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(Path.Combine(journal, "run.json"), "{}", Cancellation);
        await using RunHarness harness = fixture.Harness();

        await harness.RunAsync();

        harness.Tracker.GivenUp.ShouldHaveSingleItem().ShouldStartWith($"Run {Path.GetFileName(journal)} is committed and complete, ");
        Directory.Exists(journal).ShouldBeFalse();
        await fixture.ShouldBeSoundAsync("the next run");
        await fixture.ShouldHoldTheListingAsync("the next run");
    }

    [Fact]
    public async Task The_program_reports_the_run_that_it_gave_up_and_continues()
    {
        string journal = Folder.File($"archive/_state/journal/{RunId}");
        Directory.CreateDirectory(journal);
        await File.WriteAllTextAsync(Path.Combine(journal, "run.json"), "{}", Cancellation);

        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "archive");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.TrimEnd().ShouldBe($"Run {RunId} was given up. Its journal is damaged: journal/{RunId}/run.json is damaged. Nothing of it is committed; run again.");
        Directory.Exists(journal).ShouldBeFalse();
    }
}
