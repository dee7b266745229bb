using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Damage;

/// <summary>Whatever lies in the place of a file: it is named, and nobody waits for it or follows it.</summary>
public sealed class StrangeFileTests() : CliTest(new SandboxOptions { Conversations = 3, Messages = 40 })
{
    private static readonly string[] Listed = ["runs/", "exports/", "operations/", "export-journal/", "claims/"];

    public static TheoryData<string> Kinds => [.. StrangeFile.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Verify_reports_a_strange_file_in_place_of_any_file(string kind)
    {
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        await archive.LiveAsync();
        foreach (string name in archive.Files().Keys.Where(n => !n.StartsWith("exports/", StringComparison.Ordinal)))
        {
            byte[] sound = await File.ReadAllBytesAsync(archive.File(name), Cancellation);
            File.Delete(archive.File(name));
            StrangeFile.Kinds[kind](archive.File(name), archive.Outside);

            VerificationReport report = await archive.VerifyAsync();

            // An empty folder holds no file: a document that is only known from a listing is missing then, or was never there.
            string path = name.Replace("_state/", "");
            if (kind == StrangeFile.Folder && (path.StartsWith("_manifests/", StringComparison.Ordinal) || path.Contains("/_delta_log/", StringComparison.Ordinal)))
                report.Findings.ShouldContain(f => f.Path == path && (f.Problem.StartsWith("is missing") || f.Problem.Contains(kind)), name);
            else if (kind != StrangeFile.Folder || !Listed.Any(path.StartsWith))
                report.Findings.ShouldContain(f => f.Path == path && f.Problem.Contains(kind) && f.Action.Length > 0, $"{name} {kind}");
            StrangeFile.Remove(archive.File(name));
            await File.WriteAllBytesAsync(archive.File(name), sound, Cancellation);
        }

        (await archive.VerifyAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strange_file_beside_the_archives_files_is_reported()
    {
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        string part = (await archive.RunAsync()).Files[0].Path;
        foreach ((string kind, Action<string, string> make) in StrangeFile.Kinds.Where(k => k.Key != StrangeFile.Folder))
        {
            string more = Path.Combine(Path.GetDirectoryName(archive.File(part))!, "more.parquet");
            make(more, archive.Outside);

            Finding finding = (await archive.VerifyAsync()).Findings.ShouldHaveSingleItem(kind);

            finding.Problem.ShouldBe(kind == StrangeFile.LinkOut ? "is a symbolic link, and is not a file of an archive" : $"{kind}, and is not a file of an archive");
            StrangeFile.Remove(more);
        }
    }

    [Fact]
    public async Task Every_command_ends_and_names_the_strange_file()
    {
        string kind = OperatingSystem.IsWindows() ? StrangeFile.Folder : StrangeFile.Pipe;
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        string conversation = Sandbox.Data.Conversations[0].Id;
        string part = Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal));
        string manifest = Visible("lake").Single(f => f.StartsWith("_manifests/", StringComparison.Ordinal));
        (string File, string[] Command, int ExitCode)[] cases =
        [
            (part, ["show", conversation, "--out", "lake"], 1),
            (manifest, ["show", conversation, "--out", "lake"], 1),
            ("_state/latest.json", ["status", "--out", "lake"], 1),
            ("_state/latest.json", ["run", "--conversations", "all", "--out", "lake"], 1),
            ("_state/index/catalog", ["run", "--conversations", "all", "--out", "lake"], 1),
            ("_state/lock", ["run", "--conversations", "all", "--out", "lake"], 1),
            ("_state/lock", ["verify", "--out", "lake"], 1),
        ];
        foreach ((string name, string[] command, int exitCode) in cases)
        {
            string file = Folder.File($"lake/{name}");
            byte[]? sound = File.Exists(file) ? await File.ReadAllBytesAsync(file, Cancellation) : null;
            File.Delete(file);
            StrangeFile.Kinds[kind](file, Folder.Path);

            CliResult result = await RunAsync(command);

            result.ExitCode.ShouldBe(exitCode, $"{command[0]} with {name}: {result.Error}");
            (result.Output + result.Error).ShouldContain(kind, customMessage: $"{command[0]} with {name}");
            StrangeFile.Remove(file);
            if (sound is not null)
                await File.WriteAllBytesAsync(file, sound, Cancellation);
        }

        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        (await RunAsync("verify", "--out", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Only_the_root_folder_can_be_a_link_out_of_the_archive()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a right there that tests do not have.
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        Directory.CreateSymbolicLink(Folder.File("link"), Folder.File("lake"));
        (await RunAsync("verify", "--out", "link")).ExitCode.ShouldBe(0);
        (await RunAsync("run", "--conversations", "all", "--out", "link")).ExitCode.ShouldBe(0);

        Directory.Move(Folder.File("lake/messages"), Folder.File("elsewhere"));
        Directory.CreateSymbolicLink(Folder.File("lake/messages"), Folder.File("elsewhere"));
        CliResult verify = await RunAsync("verify", "--out", "lake");
        CliResult show = await RunAsync("show", Sandbox.Data.Conversations[0].Id, "--out", "lake");

        verify.ExitCode.ShouldBe(3);
        verify.Output.ShouldContain(StrangeFile.LinkOut);
        show.ExitCode.ShouldBe(1);
        show.Error.ShouldContain(StrangeFile.LinkOut);
    }

    [Fact]
    public async Task A_link_to_a_folder_inside_duplicates_rows_and_is_reported()
    {
        if (OperatingSystem.IsWindows())
            return; // As above.
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        string partition = Path.GetDirectoryName(Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal)))!;
        Directory.CreateSymbolicLink(Folder.File("lake/messages/snapshot_date=2020-01-01"), Folder.File($"lake/{partition}"));
        Directory.CreateSymbolicLink(Folder.File("lake/messages/loop"), Folder.File("lake/messages"));

        CliResult result = await RunAsync("verify", "--out", "lake");

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldContain("messages/snapshot_date=2020-01-01");
        result.Output.ShouldContain("2 things are wrong");
    }

    [Fact]
    public async Task A_file_replaced_by_a_pipe_during_reading_blocks_nobody()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no pipes in folders.
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        await archive.RunAsync();
        var path = new StorePath(StoreArea.State, "latest.json");
        string file = archive.File("_state/latest.json");
        string pipe = archive.File("_state/pipe");
        File.Copy(file, archive.File("_state/copy"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task swapping = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    StrangeFile.MakePipe(pipe);
                    File.Move(pipe, file, overwrite: true);
                    File.Copy(archive.File("_state/copy"), pipe);
                    File.Move(pipe, file, overwrite: true);
                }
            },
            Cancellation);
        int read = 0;
        int refused = 0;
        while (read < 50 || refused < 50)
        {
            try
            {
                (await archive.Store.ReadAsync(path, Cancellation).WaitAsync(Infrastructure.Patience.Limit, Cancellation)).ShouldNotBeNull();
                read++;
            }
            catch (RefusedFileException)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapping;
    }
}
