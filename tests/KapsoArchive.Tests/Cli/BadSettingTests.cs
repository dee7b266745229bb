namespace KapsoArchive.Tests.Cli;

/// <summary>What is wrong with a command or a setting is said in one sentence that names it, before anything is asked of the source.</summary>
public sealed class BadSettingTests : CliTest
{
    [Fact]
    public async Task A_missing_key()
    {
        Settings.Remove("Kapso__ApiKey");
        await RefusesAsync("Kapso:ApiKey (environment Kapso__ApiKey) is missing. ", "run", "--conversations", "all", "--out", "lake");
    }

    [Theory]
    [InlineData("Kapso__BaseUrl", "kapso", "Kapso:BaseUrl (environment Kapso__BaseUrl) is not an http or https URL. ")]
    [InlineData("Kapso__BaseUrl", "https://app.kapso.ai/api/v1", "Kapso:BaseUrl (environment Kapso__BaseUrl) must end with a slash, ")]
    [InlineData("Kapso__MaxConcurrency", "0", "Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.")]
    [InlineData("Kapso__MaxConcurrency", "abc", "Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.")]
    [InlineData("Archive__Formats", "csv", "Archive:Formats (environment Archive__Formats): only an export has the format \"csv\". ")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL. ")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=x", "APPLICATIONINSIGHTS_CONNECTION_STRING cannot be used. ")]
    public async Task An_invalid_setting(string name, string value, string sentence)
    {
        Settings[name] = value;
        await RefusesAsync(sentence, "run", "--conversations", "all", "--out", "lake");
    }

    [Theory]
    [InlineData("Api__RequestsPerMinute", "0", "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.")]
    [InlineData("Serve__Workers", "17", "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    [InlineData("Api__Keys", "short", "Api:Keys (environment Api__Keys): key 1 must be 16 or more visible ASCII characters without spaces. ")]
    [InlineData("ArchiveSchedule", "0 2 * * *", "ArchiveSchedule: \"0 2 * * *\" is not a schedule. ")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is not an http or https URL. ")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "8080", "--urls: http://*:8080 can be reached from other machines, but there are no API keys. ")]
    public async Task An_invalid_server_setting(string name, string value, string sentence)
    {
        Settings[name] = value;
        await RefusesAsync(sentence, "serve", "--out", "lake");
    }

    [Fact]
    public async Task An_unreadable_file_of_conversations() =>
        await RefusesAsync("--conversations: the file missing.txt cannot be read: ", "run", "--conversations", "missing.txt", "--out", "lake");

    [Fact]
    public async Task A_file_of_conversations_from_the_settings()
    {
        Settings["Archive__Conversations"] = "@missing.txt";
        await RefusesAsync("Archive:Conversations (environment Archive__Conversations): the file missing.txt cannot be read: ", "run", "--out", "lake");
    }

    [Fact]
    public async Task A_folder_instead_of_the_file() =>
        await RefusesAsync("--conversations: the file . cannot be read: ", "run", "--conversations", ".", "--out", "lake");

    [Fact]
    public async Task An_empty_list()
    {
        await File.WriteAllTextAsync(Folder.File("ids.txt"), "# none yet\n", Cancellation);
        await RefusesAsync("--conversations (ids.txt) lists no conversation. ", "run", "--conversations", "ids.txt", "--out", "lake");
    }

    [Fact]
    public async Task A_bad_line_in_the_list()
    {
        await File.WriteAllTextAsync(Folder.File("ids.txt"), $"{Sandbox.Data.Conversations[0].Id}\nno id\n", Cancellation);
        await RefusesAsync("--conversations, line 2 of ids.txt: \"no id\" is not a conversation id. ", "run", "--conversations", "ids.txt", "--out", "lake");
    }

    [Theory]
    [InlineData("--conversation: \"a/b\" is not a conversation id. ", "run", "--conversation", "a/b", "--out", "lake")]
    [InlineData("--conversation and --conversations are both given. ", "run", "--conversation", "a", "--conversations", "all", "--out", "lake")]
    [InlineData("No conversation is named. Give --conversations all, ", "run", "--out", "lake")]
    [InlineData("--format: only an export has the format \"csv\". ", "run", "--conversations", "all", "--out", "lake", "--format", "csv")]
    [InlineData("Archive:Destination (environment Archive__Destination, or --out) is missing. ", "run", "--conversations", "all")]
    [InlineData("Archive:Destination: https://account.blob.core.windows.net/lake must not have a query", "run", "--conversations", "all", "--out", "https://account.blob.core.windows.net/lake?sig=x")]
    public async Task An_invalid_option(string sentence, params string[] arguments) => await RefusesAsync(sentence, arguments);

    [Theory]
    [InlineData("run")]
    [InlineData("demo")]
    public async Task An_unwritable_destination(string command)
    {
        await File.WriteAllTextAsync(Folder.File("taken"), "", Cancellation);
        string[] selection = command == "run" ? ["--conversations", "all"] : [];

        await RefusesAsync("The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be used: ", [command, .. selection, "--out", "taken/lake"]);
    }

    [Theory]
    [InlineData("--frob", "run", "--conversations", "all", "--out", "lake", "--frob")]
    [InlineData("frob", "frob")]
    [InlineData("--format", "run", "--format")]
    public async Task An_invalid_command_line_points_to_the_help(string named, params string[] arguments)
    {
        CliResult result = await RunAsync(arguments);

        string[] lines = result.Error.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain(named);
        lines[1].ShouldContain("kapso-archive --help");
        (result.ExitCode, result.Output, Sandbox.RequestCount).ShouldBe((2, "", 0));
    }

    [Theory]
    [InlineData("""{"Kapso": {"ApiKey": "k" """)]
    [InlineData("[")]
    public async Task Malformed_settings_file(string json)
    {
        await File.WriteAllTextAsync(Folder.File("appsettings.json"), json, Cancellation);
        await RefusesAsync("appsettings.json in ", "run", "--conversations", "all", "--out", "lake");
    }

    private async Task RefusesAsync(string sentence, params string[] arguments)
    {
        CliResult result = await RunAsync(arguments);

        result.Error.ShouldStartWith(sentence);
        result.Error.TrimEnd().ShouldNotContain("\n");
        result.Error.ShouldNotContain("   at ");
        (result.ExitCode, result.Output, Sandbox.RequestCount).ShouldBe((2, "", 0));
        Visible("lake").ShouldBeEmpty();
    }
}
