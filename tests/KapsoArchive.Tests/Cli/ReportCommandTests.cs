using System.Text.Json;

namespace KapsoArchive.Tests.Cli;

public sealed class ReportCommandTests : CliTest
{
    [Fact]
    public async Task The_newest_run_is_reported_to_a_file_named_by_its_id()
    {
        await ArchiveAsync();
        string second = await ArchiveAsync();
        Settings.Clear();

        CliResult result = await RunAsync("report", "--lake", "lake");

        (result.ExitCode, result.Error, result.Output.Trim()).ShouldBe((0, "", $"kapso-archive-{second}.html"));
        (await File.ReadAllTextAsync(Folder.File($"kapso-archive-{second}.html"), Cancellation)).ShouldContain($"<title>Run {second}: report</title>");
    }

    [Fact]
    public async Task A_run_given_by_id_prefix_is_reported_to_the_given_file()
    {
        string first = await ArchiveAsync();
        await ArchiveAsync();

        CliResult file = await RunAsync("report", "--lake", "lake", "--run", first[..^1], "--out", "report.html");
        CliResult output = await RunAsync("report", "--lake", "lake", "--run", first, "--out", "-");

        (file.ExitCode, output.ExitCode).ShouldBe((0, 0), file.Error + output.Error);
        file.Output.Trim().ShouldBe("report.html");
        output.Output.ShouldStartWith("<!doctype html>");
        output.Output.Trim().ShouldBe((await File.ReadAllTextAsync(Folder.File("report.html"), Cancellation)).Trim());
    }

    [Fact]
    public async Task An_impossible_request_names_the_wrong_option()
    {
        await ArchiveAsync();

        CliResult folder = await RunAsync("report", "--lake", "lake", "--out", "lake");
        CliResult unknown = await RunAsync("report", "--lake", "lake", "--run", "1999");
        CliResult nowhere = await RunAsync("report", "--lake", "nowhere");
        CliResult unwritable = await RunAsync("report", "--lake", "lake", "--out", Path.Combine("no", "such", "folder.html"));

        (folder.ExitCode, unknown.ExitCode, nowhere.ExitCode, unwritable.ExitCode).ShouldBe((2, 2, 2, 2));
        folder.Error.ShouldContain("--lake");
        unknown.Error.ShouldContain("there is no run 1999");
        nowhere.Error.ShouldStartWith("There is no archive at ");
        unwritable.Error.ShouldContain("--out: ");
    }

    private async Task<string> ArchiveAsync()
    {
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("run_id").GetString()!;
    }
}
