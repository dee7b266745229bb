using System.Text.RegularExpressions;
using KapsoArchive.Cli;

namespace KapsoArchive.Tests.Documents;

/// <summary>What the pages say to type, the program takes.</summary>
public sealed partial class CommandLineTests
{
    [Fact]
    public void Every_command_in_the_documents_exists_in_the_program()
    {
        List<(string Page, string Arguments)> typed = [.. MarkdownPage.All.SelectMany(page => page.Blocks("sh").SelectMany(block => block.Split('\n'))
            .SelectMany(line => Call().Matches(line)).Select(m => (page.Path, m.Groups["arguments"].Value.Trim())))];

        typed.Count.ShouldBeGreaterThan(20);
        typed.SelectMany(t => Commands.Root().Parse(t.Arguments).Errors.Select(error => $"{t.Page}: {t.Arguments}: {error.Message}")).ShouldBeEmpty();
    }

    [GeneratedRegex(@"(?:src/KapsoArchive\.Cli --|(?:^|\s|/)kapso-archive(?::[\d.]+)?) (?<arguments>[a-z]+(?: [^#|>&)\n]*)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
