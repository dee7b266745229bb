using System.Diagnostics;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Storage;

/// <summary>Who may read what the program leaves in a folder, whatever the umask is, and whose files it does not write to.</summary>
public sealed class FolderRightsTests() : CliTest(new SandboxOptions { Conversations = 2, Messages = 30, IncludeSamples = false })
{
    private const string Own = "600 700";

    /// <summary>None on Windows, which has no such rights.</summary>
    public static TheoryData<string> Umasks => OperatingSystem.IsWindows() ? [] : ["000", "022", "027", "077", "0177"];

    public static TheoryData<string> Links => OperatingSystem.IsWindows() ? [] : ["_state/.lock.held", "_state/.lock", "_state/lock", "_state/latest.json", "_state/staging/.documents", "_state/staging", "_state", "exports"];

    [Theory]
    [MemberData(nameof(Umasks))]
    public async Task Only_the_owner_can_read_a_new_archive_and_its_exports(string umask)
    {
        (await RunWithAsync(umask, "run", "--conversations", "all", "--out", "lake/new")).ShouldBe(0);
        (await RunWithAsync(umask, "export", "--conversations", "all", "--format", "html,csv", "--out", "lake/new")).ShouldBe(0);
        (await RunWithAsync(umask, "run", "--conversations", "all", "--out", "lake/new")).ShouldBe(0);

        Rights("lake").ShouldBe([Own]);
        Modes("lake").Count.ShouldBeGreaterThan(20);
    }

    [Theory]
    [MemberData(nameof(Umasks))]
    public async Task The_setting_opens_only_the_data_to_a_group(string umask)
    {
        Settings["Archive__FileMode"] = "0640";
        (await RunWithAsync(umask, "run", "--conversations", "all", "--out", "lake")).ShouldBe(0);
        (await RunWithAsync(umask, "export", "--conversations", "all", "--out", "lake")).ShouldBe(0);

        Rights("lake/messages").ShouldBe(["640 750"]);
        Rights("lake/conversations").ShouldBe(["640 750"]);
        Rights("lake/_manifests").ShouldBe(["640 750"]);
        Rights("lake/_state").ShouldBe([Own]);
        Rights("lake/exports").ShouldBe([Own]);
        Mode(Folder.File("lake")).ShouldBe("750");
    }

    [Fact]
    public async Task An_archive_of_an_earlier_version_stays_open_with_one_warning()
    {
        if (OperatingSystem.IsWindows())
            return;
        await RunAsync("run", "--conversations", "all", "--out", "lake");
        Open(Folder.File("lake"));
        Sandbox.Listings.Moving(Sandbox.Data.Conversations[0].Id).InsertNewest();

        CliResult night = await RunAsync("run", "--conversations", "all", "--out", "lake", "--full");

        night.ExitCode.ShouldBe(0, night.Error);
        night.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain($"chmod -R go-rwx '{Folder.File("lake")}'");
        Rights("lake/messages").ShouldBe(["644 755"]);
        Rights("lake/_manifests").ShouldBe(["644 755"]);
        (Mode(Folder.File("lake")), Mode(Folder.File("lake/_state")), Mode(Folder.File("lake/exports"))).ShouldBe(("755", "700", "700"));
        Settings["Archive__FileMode"] = "0644";
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).Error.ShouldBe("", "the setting says that it is meant");
        Settings.Remove("Archive__FileMode");

        await ShellAsync(night.Error[night.Error.IndexOf("chmod", StringComparison.Ordinal)..night.Error.IndexOf("'. To keep", StringComparison.Ordinal)] + "'");
        Sandbox.Listings.Moving(Sandbox.Data.Conversations[0].Id).InsertNewest();
        (await RunAsync("run", "--conversations", "all", "--out", "lake", "--full")).Error.ShouldBe("");

        Rights("lake").ShouldBe([Own]);
    }

    [Fact]
    public async Task A_setting_that_differs_from_existing_files_is_reported_with_the_command()
    {
        if (OperatingSystem.IsWindows())
            return;
        await RunAsync("run", "--conversations", "all", "--out", "lake");
        Settings["Archive__FileMode"] = "0640";

        CliResult night = await RunAsync("run", "--conversations", "all", "--out", "lake");
        night.Error.ShouldContain("Archive:FileMode applies to new files only");
        await ShellAsync(night.Error[night.Error.IndexOf("chmod", StringComparison.Ordinal)..].TrimEnd().TrimEnd('.'));

        (await RunAsync("run", "--conversations", "all", "--out", "lake")).Error.ShouldBe("");
        Rights("lake/messages").ShouldBe(["640 750"]);
        Rights("lake/_state").ShouldBe([Own]);
    }

    [Theory]
    [InlineData("0777")]
    [InlineData("0660")]
    [InlineData("640x")]
    [InlineData("0400")]
    [InlineData("1640")]
    [InlineData("rw-r-----")]
    public async Task An_invalid_mode_or_one_that_lets_others_write_is_refused(string mode)
    {
        Settings["Archive__FileMode"] = mode;

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        (result.ExitCode, Directory.Exists(Folder.File("lake"))).ShouldBe((2, false));
        result.Error.ShouldContain("Archive:FileMode (environment Archive__FileMode) must be 0600, 0640");
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task A_link_in_place_of_a_program_file_changes_no_other_file(string place)
    {
        await RunAsync("run", "--conversations", "all", "--out", "lake");
        string link = Folder.File($"lake/{place}");
        bool isFolder = Directory.Exists(link);
        string victim = Folder.File("victim");
        string file = isFolder ? Path.Combine(victim, "file") : victim;
        if (isFolder)
            Directory.CreateDirectory(victim);
        await File.WriteAllTextAsync(file, "not yours", Cancellation);
        Remove(link);
        if (isFolder)
            Directory.CreateSymbolicLink(link, victim);
        else
            File.CreateSymbolicLink(link, victim);

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--full");

        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe("not yours");
        Directory.GetFileSystemEntries(isFolder ? victim : Folder.Path).Length.ShouldBe(isFolder ? 1 : 2);
        result.Error.ShouldNotContain("Unexpected:");
        if (place is "_state/.lock.held" or "_state/.lock" || isFolder)
            (result.ExitCode, result.Error).ShouldSatisfyAllConditions(r => r.ExitCode.ShouldBeOneOf(1, 2), r => r.Error.ShouldContain("is a link"));
    }

    [Fact]
    public async Task A_dangling_link_in_place_of_a_lock_creates_no_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Folder.File("lake/_state"));
        File.CreateSymbolicLink(Folder.File("lake/_state/.lock.held"), Folder.File("made"));

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        result.Error.ShouldContain("is a link");
        File.Exists(Folder.File("made")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_root_can_be_a_link()
    {
        Directory.CreateDirectory(Folder.File("disk"));
        Directory.CreateSymbolicLink(Folder.File("lake"), Folder.File("disk"));

        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);

        Directory.Exists(Folder.File("disk/_manifests")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("run")]
    [InlineData("export")]
    public async Task A_folder_without_file_locks_is_refused_before_any_request(string command)
    {
        Settings["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1"; // As on a network without locks: two may open what is one's alone.

        CliResult result = await RunAsync(command, "--conversations", "all", "--out", "lake");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("does not lock files");
        Visible("lake").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("server:/x /srv nfs4 rw,vers=4.2,local_lock=none 0 0", null)]
    [InlineData("server:/x /srv nfs rw,nolock 0 0", "nolock")]
    [InlineData("server:/x /srv nfs rw,local_lock=all 0 0", "local_lock=all")]
    [InlineData("server:/x / nfs rw,local_lock=flock 0 0", "local_lock=flock")]
    [InlineData("//server/x /srv/a\\040b cifs rw,nobrl 0 0", "nobrl")]
    [InlineData("//server/x /srv/a cifs rw,nobrl 0 0", null)]
    [InlineData("/dev/sda1 /srv ext4 rw,nolock 0 0", null)]
    [InlineData("server:/x /srv nfs rw,nolock 0 0|/dev/sda1 /srv/a\\040b ext4 rw 0 0", null)]
    [InlineData("/dev/sda1 /srv ext4 rw 0 0|server:/x /srv nfs rw,nolock 0 0", "nolock")]
    public void A_mount_without_shared_locks_is_refused(string mounts, string? option)
    {
        string? objection = FolderNetwork.Objection("/srv/a b/lake", ["/dev/root / ext4 rw 0 0", .. mounts.Split('|')]);

        if (option is null)
            objection.ShouldBeNull();
        else
            objection.ShouldNotBeNull().ShouldContain($"mounted with {option}:");
    }

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)(File.GetUnixFileMode(path) & (UnixFileMode)511), 8);

    private List<(string Path, bool IsFolder, string Mode)> Modes(string folder) =>
    [
        (Folder.File(folder), true, Mode(Folder.File(folder))),
        .. Directory.EnumerateFileSystemEntries(Folder.File(folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Select(path => (path, Directory.Exists(path), Mode(path))),
    ];

    /// <summary>The modes of files and of folders below a folder, each once.</summary>
    private string[] Rights(string folder)
    {
        List<(string Path, bool IsFolder, string Mode)> all = Modes(folder);
        string[] files = [.. all.Where(e => !e.IsFolder).Select(e => e.Mode).Distinct()];
        string[] folders = [.. all.Where(e => e.IsFolder).Select(e => e.Mode).Distinct()];
        return files.Length == 1 && folders.Length == 1 ? [$"{files[0]} {folders[0]}"] : [.. all.Select(e => $"{e.Mode} {e.Path}")];
    }

    /// <summary>As versions before 0.1.0 left it, with the usual umask.</summary>
    private static void Open(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Prepend(folder))
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(Directory.Exists(path) ? "755" : "644", 8));
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        File.Delete(path);
    }

    private Task<int> RunWithAsync(string umask, params string[] arguments) =>
        ShellAsync($"umask {umask}; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll")}' {arguments[0]} --quiet {string.Join(' ', arguments[1..])} >/dev/null");

    /// <summary>Runs a command as a user types it, and returns its exit code.</summary>
    private async Task<int> ShellAsync(string command)
    {
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false, WorkingDirectory = Folder.Path, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        foreach ((string name, string value) in Settings)
            start.Environment[name] = value;
        using Process shell = Process.Start(start)!;
        string error = await shell.StandardError.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        shell.ExitCode.ShouldBe(0, error);
        return shell.ExitCode;
    }
}
