using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>A copy of the templates to change, with the linter off: an edit may leave something unused, and here it is the rules over the snapshot that are asked.</summary>
public sealed class EditedTemplates : IDisposable
{
    private readonly BicepServer _bicep;
    private readonly TemporaryFolder _folder = new();

    public EditedTemplates(BicepServer bicep)
    {
        _bicep = bicep;
        string infra = Repository.File("infra");
        Directory.CreateDirectory(_folder.File("modules"));
        foreach (string file in Directory.EnumerateFiles(infra, "*.bicep*").Concat(Directory.EnumerateFiles(Path.Combine(infra, "modules"))))
            File.Copy(file, _folder.File(Path.GetRelativePath(infra, file)));
        File.WriteAllText(_folder.File("bicepconfig.json"), """{ "analyzers": { "core": { "enabled": false } } }""");
    }

    /// <summary>Replaces the first occurrence of a text, which must be there.</summary>
    public void Replace(string file, string sound, string other)
    {
        string text = File.ReadAllText(_folder.File(file));
        int at = text.IndexOf(sound, StringComparison.Ordinal);
        if (at < 0)
            throw new InvalidOperationException($"infra/{file} no longer holds: {sound}. Change the edit with it.");
        File.WriteAllText(_folder.File(file), text[..at] + other + text[(at + sound.Length)..]);
    }

    /// <returns>The path of the snapshot, good until the templates are disposed of.</returns>
    public async Task<string> SnapshotOfProdAsync(CancellationToken cancellationToken)
    {
        string path = _folder.File("prod.edited.json");
        await File.WriteAllTextAsync(path, await _bicep.SnapshotAsync(_folder.File("prod.bicepparam"), cancellationToken), cancellationToken);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
