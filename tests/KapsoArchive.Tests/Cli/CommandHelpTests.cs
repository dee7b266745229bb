using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using KapsoArchive.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>Help that says what to type, and shells that complete it.</summary>
public sealed partial class CommandHelpTests : CliTest
{
    public static TheoryData<string> Names => [.. Commands.Root().Subcommands.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_help_has_examples_that_parse_exit_codes_and_a_section_that_exists(string name)
    {
        Settings.Clear();
        CliResult help = await RunAsync(name, "--help");

        string[] examples = [.. Example().Matches(help.Output[help.Output.IndexOf("Examples:", StringComparison.Ordinal)..]).Select(m => m.Groups["line"].Value)];
        examples.ShouldNotBeEmpty();
        foreach (string example in examples)
        {
            string line = example.Split(" >> ")[0].TrimEnd();
            ParseResult parsed = Commands.Root().Parse(line);
            (line, Errors: string.Join(' ', parsed.Errors.Select(e => e.Message))).ShouldBe((line, ""));
            parsed.CommandResult.Command.Name.ShouldBe(name);
        }

        help.Output.ShouldContain("  2    bad usage or configuration");
        string anchor = More().Match(help.Output).Groups["anchor"].Value;
        Anchors().ShouldContain(anchor);
    }

    [Theory]
    [InlineData("run --o", "--out")]
    [InlineData("sho", "show")]
    [InlineData("export --source a", "archive")]
    [InlineData("show x --direction ", "inbound|outbound")]
    [InlineData("completion f", "fish")]
    public async Task Bash_completes_commands_options_and_values(string typed, string expected)
    {
        Settings.Clear();
        string script = (await RunAsync("completion", "bash")).Output;
        string program = Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll");
        string file = Folder.File("completion.sh");
        string line = $"kapso-archive {typed}";
        await File.WriteAllTextAsync(file, $$"""
            kapso-archive() { dotnet '{{program}}' "$@"; }
            {{script}}
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            COMP_WORDS=(${COMP_LINE}); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _kapso_archive
            (IFS='|'; echo "${COMPREPLY[*]}")
            """, Cancellation);

        using Process bash = Process.Start(new ProcessStartInfo("bash", file) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string found = await bash.StandardOutput.ReadToEndAsync(Cancellation);
        await bash.WaitForExitAsync(Cancellation);

        found.Trim().ShouldBe(expected);
    }

    [Theory]
    [InlineData("zsh", "compdef _kapso_archive kapso-archive")]
    [InlineData("fish", "complete -c kapso-archive")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName kapso-archive")]
    public async Task Other_shells_have_their_script(string shell, string registration)
    {
        CliResult result = await RunAsync("completion", shell);

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain(registration);
    }

    private static string[] Anchors() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "command-line.md")).Where(l => l.StartsWith('#'))
            .Select(l => NotInAnchor().Replace(l.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"^  kapso-archive (?<line>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex(@"^More: docs/command-line\.md#(?<anchor>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex More();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
