using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

public sealed class ExportCommandTests : CliTest
{
    [Fact]
    public async Task One_conversation_is_exported_as_CSV()
    {
        string conversation = Sandbox.Data.Conversations[3].Id;

        CliResult result = await RunAsync("export", "--conversation", conversation, "--format", "csv", "--out", "lake");

        result.ExitCode.ShouldBe(0, result.Error);
        string folder = Directory.GetDirectories(Folder.File("lake/exports")).ShouldHaveSingleItem();
        result.Output.ShouldContain($"Export {Path.GetFileName(folder)}: the one conversation is complete.");
        result.Output.ShouldContain($"Written to {folder}:");
        Rfc4180.Read(await File.ReadAllTextAsync(Directory.GetFiles(folder + "/messages_csv").Single(), Cancellation)).Count
            .ShouldBe((int)Sandbox.Data.Conversations[3].MessageCount + 1);
        Visible("lake").ShouldAllBe(file => file.StartsWith("exports"), "the archive is as it was");
    }

    [Fact]
    public async Task Json_is_the_manifest_with_the_time_range()
    {
        CliResult result = await RunAsync("export", "--conversations", "all", "--from", "2026-01-01", "--to", "2026-02-01T00:00:00+01:00", "--format", "jsonl", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        using var manifest = JsonDocument.Parse(result.Output);
        manifest.RootElement.GetProperty("kind").GetString().ShouldBe("export");
        manifest.RootElement.GetProperty("request").GetProperty("from").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        manifest.RootElement.GetProperty("request").GetProperty("to").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 1, 31, 23, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-02-01", "--from (2026-03-01) must be before --to (2026-02-01)")]
    [InlineData("2026-03-01T00:00:00", null, "--from: \"2026-03-01T00:00:00\" is not a time. Write ISO 8601 with an offset")]
    [InlineData("yesterday", null, "--from: \"yesterday\" is not a time.")]
    [InlineData(null, "2026-13-01", "--to: \"2026-13-01\" is not a time.")]
    public async Task An_invalid_time_range_is_refused_before_any_request(string? from, string? to, string said)
    {
        string[] arguments = [.. new[] { "export", "--conversations", "all", "--out", "lake" }, .. from is null ? Array.Empty<string>() : ["--from", from], .. to is null ? Array.Empty<string>() : ["--to", to]];

        CliResult result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(said);
        Sandbox.RequestCount.ShouldBe(0);
    }
}
