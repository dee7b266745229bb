using System.Text.Json;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Media;

namespace KapsoArchive.Tests.Cli;

/// <summary><c>media</c>: what is missing, and another try.</summary>
public sealed class MediaCommandTests() : CliTest(new SandboxOptions { Conversations = 6, Messages = 200, Media = new SandboxMedia { Duplicates = 0 } })
{
    private SandboxMediaHost Media => Sandbox.Media!;

    [Fact]
    public async Task What_waits_is_listed_and_fetched_on_request()
    {
        SandboxAttachment[] all = [.. Media.Attachments()];
        Media.Faults = new SandboxMediaFaults
        {
            Chosen = [new SandboxMediaFault(all[0].MessageId, SandboxMediaFaultKind.Unavailable), new SandboxMediaFault(all[1].MessageId, SandboxMediaFaultKind.NotFound)],
        };
        await ArchiveAsync();

        CliResult listed = await RunAsync("media", "--lake", "lake");
        (listed.ExitCode, listed.Error).ShouldBe((0, ""));
        listed.Output.ShouldContain("2 files of messages missing, 1 of them waiting.");
        listed.Output.ShouldContain("waiting");
        listed.Output.ShouldContain("gone");
        listed.Output.ShouldContain("media --retry --lake \"lake\"");
        listed.Output.ShouldNotContain("http");

        Media.Faults = SandboxMediaFaults.None;
        JsonElement left = JsonElement.Parse((await RunAsync("media", "--retry", "--lake", "lake", "--json")).Output);

        (left.GetProperty("waiting").GetInt64(), left.GetProperty("untried").GetInt64()).ShouldBe((0, 0));
        JsonElement gone = left.GetProperty("missing").EnumerateArray().ShouldHaveSingleItem();
        (gone.GetProperty("message_id").GetString(), gone.GetProperty("outcome").GetString()).ShouldBe((all[1].MessageId, "gone"));
        (await RunAsync("verify", "--lake", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Attempts_by_hand_do_not_make_a_file_refused()
    {
        Media.Faults = new SandboxMediaFaults { Chosen = [new SandboxMediaFault(Media.Attachments().First().MessageId, SandboxMediaFaultKind.Forbidden)] };
        await ArchiveAsync();
        for (int i = 0; i < 4; i++)
            (await RunAsync("media", "--retry", "--quiet", "--lake", "lake")).ExitCode.ShouldBe(0);

        JsonElement file = JsonElement.Parse((await RunAsync("media", "--lake", "lake", "--json")).Output).GetProperty("missing").EnumerateArray().ShouldHaveSingleItem();

        (file.GetProperty("outcome").GetString(), file.GetProperty("attempts").GetInt64()).ShouldBe(("waiting", 5));
    }

    [Fact]
    public async Task Without_room_for_temporary_files_large_ones_wait_and_the_run_goes_on()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 2, Messages = 60, Media = new SandboxMedia { Bytes = 400_000 } }, cancellationToken: Cancellation);
        Settings["Kapso__BaseUrl"] = sandbox.BaseUrl.ToString();
        Settings["TMPDIR"] = Folder.File("not-there");
        await ArchiveAsync();

        JsonElement missing = JsonElement.Parse((await RunAsync("media", "--lake", "lake", "--json")).Output);
        missing.GetProperty("waiting").GetInt64().ShouldBe(sandbox.Media!.Attachments().Count());
        missing.GetProperty("missing")[0].GetProperty("reason").GetString().ShouldBe("the temporary folder has no room for it");

        Settings.Remove("TMPDIR");
        (await RunAsync("media", "--retry", "--quiet", "--lake", "lake")).ExitCode.ShouldBe(0);
        await FileTruth.ShouldBeWholeAsync(new Core.Storage.Folders.FolderStore(Folder.File("lake")), sandbox.Media);
    }

    [Fact]
    public async Task A_place_without_an_archive_is_named()
    {
        CliResult result = await RunAsync("media", "--lake", "nowhere");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldStartWith("There is no archive at ");
    }

    private async Task ArchiveAsync()
    {
        Settings["Archive__Media"] = "all";
        CliResult run = await RunAsync("run", "--quiet", "--conversations", "all", "--out", "lake");
        (run.ExitCode, run.Error).ShouldBe((0, ""));
    }
}
