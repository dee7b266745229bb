using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Faults;

/// <summary>A leaf of the index that no catalog names, as a run leaves it that another overtook.</summary>
public sealed class UnusedLeafTests : CliTest
{
    [Fact]
    public async Task An_unused_leaf_is_not_damage_and_the_next_run_deletes_it()
    {
        await RunAsync("run", "--conversations", "all", "--out", "archive");
        string[] leaves = Directory.GetFiles(Folder.File("archive/_state/index/leaves"));
        Dictionary<string, byte[]> before = leaves.ToDictionary(leaf => leaf, File.ReadAllBytes);
        foreach (string id in Sandbox.Data.Conversations.Select(c => c.Id))
            Sandbox.Listings.Moving(id).InsertNewest();
        await RunAsync("run", "--conversations", "all", "--full", "--out", "archive");
        string unused = leaves.First(leaf => !File.Exists(leaf));
        await File.WriteAllBytesAsync(unused, before[unused], Cancellation);

        CliResult verify = await RunAsync("verify", "--out", "archive");
        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "archive");

        verify.ExitCode.ShouldBe(0, verify.Output);
        verify.Output.ReplaceLineEndings(" ").ShouldContain("1 leaf of the index is unused");
        run.ExitCode.ShouldBe(0, run.Error);
        File.Exists(unused).ShouldBeFalse();
        (await RunAsync("verify", "--out", "archive")).Output.ShouldNotContain("unused");
    }
}
