using System.Security.Cryptography;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Copies every file of a folder, hashed on the way and flushed to the disk: the least that storing files can cost.</summary>
internal static class CopyChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        byte[] buffer = new byte[128 * 1024];
        (double files, double bytes) = (0, 0);
        foreach (string file in Directory.EnumerateFiles(settings["from"], "*", SearchOption.AllDirectories))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using FileStream source = File.OpenRead(file);
            string staged = Path.Combine(settings["to"], "staged");
            await using (FileStream target = File.Create(staged))
            {
                for (int read; (read = await source.ReadAsync(buffer)) > 0; bytes += read)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read));
                }

                target.Flush(flushToDisk: true);
            }

            File.Move(staged, Path.Combine(settings["to"], Convert.ToHexStringLower(hash.GetHashAndReset())));
            files++;
        }

        return new Dictionary<string, double>(StringComparer.Ordinal) { ["files"] = files, ["bytes"] = bytes };
    }
}
