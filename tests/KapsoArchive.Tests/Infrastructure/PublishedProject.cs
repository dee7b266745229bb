using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A project as <c>dotnet publish</c> makes it: published when it is first asked for, and again only after its sources have
/// changed.</summary>
/// <param name="name">Its folder below <c>artifacts/published</c>.</param>
/// <param name="project">Its folder in the repository.</param>
/// <param name="used">The folders of the projects that it uses.</param>
internal sealed partial class PublishedProject(string name, string project, params string[] used)
{
    private static readonly string[] SourceFiles = ["host.json", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    private readonly Lock _lock = new();
    private Task<string>? _published;

    /// <summary>The published folder.</summary>
    /// <exception cref="InvalidOperationException">It could not be published, or not without warnings.</exception>
    public Task<string> FolderAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _published ??= PublishAsync();
        return _published.WaitAsync(cancellationToken);
    }

    private async Task<string> PublishAsync()
    {
        string root = Repository.File("artifacts", "published");
        string folder = Path.Combine(root, name);
        string mark = Path.Combine(root, $"{name}.sha256");
        await using FileStream alone = await ProcessLock.TakeAsync("published");
        string sources = HashOfSources();
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == sources)
            return folder;
        Directory.CreateDirectory(root);
        File.Delete(mark);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await RunAsync(
            ["publish", Repository.File(project.Split('/')), "-c", "Release", "-r", "linux-x64", "-o", folder, "--artifacts-path", Path.Combine(root, "build"), "--nologo", "-v", "quiet", "-p:RunAnalyzers=false"]);
        await File.WriteAllTextAsync(mark, sources);
        return folder;
    }

    private static async Task RunAsync(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A build server that outlives the build would keep the pipes open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["UseSharedCompilation"] = "false" },
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || Warning().Matches(output).Any(w => w.Groups["code"].Value != "NU1603"))
            throw new InvalidOperationException($"'dotnet {string.Join(' ', arguments)}' failed, or warned of more than NU1603:\n{output}");
    }

    private string HashOfSources()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = used.Prepend(project).SelectMany(s => Directory.EnumerateFiles(Repository.File(s.Split('/')), "*", SearchOption.AllDirectories))
            .Concat(SourceFiles.Select(f => Repository.File(f))).Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(Repository.Root, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"\bwarning (?<code>[A-Z]+\d+)\b")]
    private static partial Regex Warning();
}
