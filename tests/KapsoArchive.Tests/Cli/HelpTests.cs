namespace KapsoArchive.Tests.Cli;

public sealed class HelpTests : CliTest
{
    [Theory]
    [InlineData(new[] { "--help" }, new[] { "demo", "run", "export", "conversations", "find", "query", "show", "status", "verify", "views", "serve" })]
    [InlineData(new[] { "demo", "--help" }, new[] { "--out" })]
    [InlineData(new[] { "run", "--help" }, new[] { "--conversation ", "--conversations ", "--out ", "--format ", "--json ", "Kapso__ApiKey" })]
    [InlineData(new[] { "export", "--help" }, new[] { "--conversation ", "--conversations ", "--out ", "--format ", "csv", "--from ", "--to ", "--json " })]
    [InlineData(new[] { "conversations", "--help" }, new[] { "--outcome ", "--sort ", "--limit ", "--lake ", "--json " })]
    [InlineData(new[] { "find", "--help" }, new[] { "--in ", "--from ", "--to ", "--direction ", "--type ", "--limit ", "--lake", "--cache ", "--cache-size ", "--json " })]
    [InlineData(new[] { "query", "--help" }, new[] { "--limit ", "--timeout ", "--lake", "--cache ", "--cache-size ", "--json ", "Cannot write" })]
    [InlineData(new[] { "show", "--help" }, new[] { "--last ", "--lake", "--json " })]
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

    [Theory]
    [InlineData("shwo|x", "There is no command shwo. Did you mean show?")]
    [InlineData("show|--lsat|3|x", "There is no option --lsat. Did you mean --last?")]
    [InlineData("run|--conversaton=x", "There is no option --conversaton. Did you mean --conversation?")]
    [InlineData("show|Ana|Pérez", "There is one argument too many: Pérez. Put quotes around a text with spaces.")]
    [InlineData("conversations|--sort|nmae", "nmae is not a possible value. Use last, name, messages. Did you mean name?")]
    [InlineData("export|--source|archve", "archve is not a possible value. Use both, archive, kapso. Did you mean archive?")]
    [InlineData("show|x|--last|many", "Cannot parse argument 'many' for option '--last' as expected type 'System.Int32'.")]
    [InlineData("nonsensical", "There is no command nonsensical.")]
    public async Task A_wrong_command_line_is_answered_with_what_was_probably_meant(string arguments, string answer)
    {
        Settings.Clear();

        CliResult result = await RunAsync(arguments.Split('|'));

        result.ExitCode.ShouldBe(2);
        result.Error.Split('\n')[0].TrimEnd().ShouldBe(answer);
    }

    [Fact]
    public async Task Without_a_command_the_program_shows_what_there_is()
    {
        Settings.Clear();

        CliResult bare = await RunAsync();

        (bare.ExitCode, bare.Error).ShouldBe((0, ""));
        bare.Output.ShouldBe((await RunAsync("--help")).Output);
    }
}
