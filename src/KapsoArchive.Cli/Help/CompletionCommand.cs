using System.CommandLine;

namespace KapsoArchive.Cli.Help;

/// <summary><c>kapso-archive completion</c>: prints the script that completes commands, options and values in a shell. The script asks
/// this program, so it knows what the installed version knows.</summary>
internal static class CompletionCommand
{
    /// <summary>The script of each shell. It sends the line up to the cursor, without the program's name.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _kapso_archive() {
              local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
              line=${line#* }
              COMPREPLY=($(compgen -W "$(kapso-archive "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _kapso_archive kapso-archive
            """,
        ["zsh"] = """
            _kapso_archive() {
              local line=${BUFFER[1,CURSOR]#* }
              local -a found=("${(@f)$(kapso-archive "[suggest:${#line}]" "$line" 2>/dev/null)}")
              [[ -n $found ]] && compadd -- $found || _files
            }
            autoload -Uz compinit && (( $+functions[compdef] )) || compinit
            compdef _kapso_archive kapso-archive
            """,
        ["fish"] = """
            function __kapso_archive
              set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
              kapso-archive "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c kapso-archive -a '(__kapso_archive)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName kapso-archive -ScriptBlock {
              param($word, $ast, $cursor)
              $line = $ast.ToString().PadRight($cursor).Substring(0, $cursor) -replace '^\S+\s', ''
              kapso-archive "[suggest:$($line.Length)]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create()
    {
        Argument<string> shell = new("SHELL") { Description = $"{string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Command command = new("completion", "Prints the script that completes commands and options in your shell.") { shell };
        command.SetAction((parsed, _) => Terminal.SayAsync(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
