using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>The function app as <c>dotnet publish</c> makes it for Azure.</summary>
internal static class PublishedApp
{
    private static readonly PublishedProject App =
        new("app", "src/KapsoArchive.Functions", "src/KapsoArchive.Api", "src/KapsoArchive.Core", "src/KapsoArchive.Telemetry");

    /// <inheritdoc cref="PublishedProject.FolderAsync"/>
    public static Task<string> FolderAsync(CancellationToken cancellationToken) => App.FolderAsync(cancellationToken);

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
}
