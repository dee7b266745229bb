using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>The function app as <c>dotnet publish</c> makes it for Azure: published when a test first asks for it, and again only after its
/// sources have changed.</summary>
internal static partial class PublishedApp
{
    private const string Project = "KapsoArchive.Functions";

    private static readonly string[] Sources = ["src/KapsoArchive.Api", "src/KapsoArchive.Core", "src/KapsoArchive.Functions", "src/KapsoArchive.Telemetry"];

    private static readonly string[] SourceFiles = ["host.json", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>The published folder.</summary>
    /// <exception cref="InvalidOperationException">It could not be published, or not without warnings.</exception>
    public static Task<string> FolderAsync(CancellationToken cancellationToken) => Published.Value.WaitAsync(cancellationToken);

    /// <summary>Copies the published folder, to change a file of it.</summary>
    public static async Task CopyAsync(string target, CancellationToken cancellationToken)
    {
        string folder = await FolderAsync(cancellationToken);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<string> PublishAsync()
    {
        string root = Repository.File("artifacts", "published");
        string folder = Path.Combine(root, "app");
        string mark = Path.Combine(root, "sources.sha256");
        await using FileStream alone = await ProcessLock.TakeAsync("published");
        string sources = HashOfSources();
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == sources)
            return folder;
        Directory.CreateDirectory(root);
        File.Delete(mark);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await RunAsync(
            ["publish", Repository.File("src", Project), "-c", "Release", "-r", "linux-x64", "-o", folder, "--artifacts-path", Path.Combine(root, "build"), "--nologo", "-v", "quiet", "-p:RunAnalyzers=false"]);
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

    private static string HashOfSources()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = Sources.SelectMany(s => Directory.EnumerateFiles(Repository.File(s.Split('/')), "*", SearchOption.AllDirectories))
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
