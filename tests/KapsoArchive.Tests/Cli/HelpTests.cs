namespace KapsoArchive.Tests.Cli;

public sealed class HelpTests : CliTest
{
    [Theory]
    [InlineData(new[] { "--help" }, new[] { "demo", "run", "export", "status", "verify", "views", "serve" })]
    [InlineData(new[] { "demo", "--help" }, new[] { "--out" })]
    [InlineData(new[] { "run", "--help" }, new[] { "--conversation ", "--conversations ", "--out ", "--format ", "--json ", "Kapso__ApiKey" })]
    [InlineData(new[] { "export", "--help" }, new[] { "--conversation ", "--conversations ", "--out ", "--format ", "csv", "--from ", "--to ", "--json " })]
    [InlineData(new[] { "status", "--help" }, new[] { "--run ", "--all ", "--out ", "--json " })]
    [InlineData(new[] { "verify", "--help" }, new[] { "--run ", "--rebuild-index ", "--out ", "--json " })]
    [InlineData(new[] { "views", "--help" }, new[] { "--engine ", "duckdb, spark, synapse, databricks or fabric", "--out " })]
    [InlineData(new[] { "serve", "--help" }, new[] { "--urls ", "http://127.0.0.1:5081", "Api:Keys", "--out ", "ArchiveSchedule", "Kapso__ApiKey" })]
    public async Task Help_lists_all_commands_and_options(string[] arguments, string[] named)
    {
        Settings.Clear();

        CliResult result = await RunAsync(arguments);

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        foreach (string name in named)
            result.Output.ShouldContain(name);
    }
}
