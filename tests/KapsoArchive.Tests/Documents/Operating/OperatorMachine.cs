using System.Diagnostics;
using System.Text.RegularExpressions;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents.Operating;

/// <summary>A folder in place of the machine of the operator's page: its paths lead into it, and the program is where the page has it.</summary>
internal sealed partial class OperatorMachine
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/operating.md");

    private readonly string _root;

    public OperatorMachine(string root, Uri source, string key)
    {
        _root = root;
        foreach (string folder in (string[])["/var/lib/kapso-archive", "/etc/kapso-archive/credentials", "/opt/kapso-archive", "/mnt/copy"])
            Directory.CreateDirectory(Here(folder));
        Key = key;
        // The settings of the program are the page's own, besides those of the sandbox.
        string program = Here("/opt/kapso-archive/kapso-archive");
        File.WriteAllText(program, $"""
            #!/bin/sh
            export Kapso__BaseUrl={source} Kapso__MaxRetries=0 Archive__Media=none
            exec {DotNet} {Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll")} "$@"

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Lake => Here("/var/lib/kapso-archive/lake");

    public string Copy => Here("/mnt/copy/lake");

    /// <summary>The credential, as the page has it installed.</summary>
    public string Key
    {
        set => File.WriteAllText(Here("/etc/kapso-archive/credentials/Kapso__ApiKey"), $"{value}\n");
    }

    private static string DotNet => Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host
        : Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);

    /// <summary>The block of the page for a file, whose first line names it, without that line.</summary>
    public string Block(string name) => Here(Blocks("ini", "crontab", "yaml").Single(block => block.StartsWith($"# {name}\n", StringComparison.Ordinal)).Split('\n', 2)[1]);

    /// <summary>The unit files of the page, by name.</summary>
    public IReadOnlyDictionary<string, string> Units => Blocks("ini").ToDictionary(block => block.Split('\n', 2)[0]["# /etc/systemd/system/".Length..], Here, StringComparer.Ordinal);

    /// <summary>The first shell lines of a section.</summary>
    public string Shell(string section) => Here(Fence().Matches(Page.Section(section)).First(m => m.Groups["language"].Value == "sh").Groups["code"].Value);

    /// <summary>Runs a command with the environment that is given, and no other.</summary>
    public async Task<CliResult> ShellAsync(string command, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            WorkingDirectory = folder ?? Here("/var/lib/kapso-archive"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        await process.WaitForExitAsync(patience.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>The text with the paths of this machine.</summary>
    public string Here(string text) => MachinePath().Replace(text, path => _root + path.Value);

    private static IEnumerable<string> Blocks(params string[] languages) => languages.SelectMany(Page.Blocks);

    [GeneratedRegex("(?<![\\w/])/(?:var/lib/kapso-archive|etc/kapso-archive|opt/kapso-archive|mnt/copy)")]
    private static partial Regex MachinePath();

    [GeneratedRegex("^```(?<language>\\w*)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
