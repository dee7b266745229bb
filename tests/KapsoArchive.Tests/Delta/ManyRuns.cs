using System.Globalization;
using KapsoArchive.Core.Delta;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Inspection.Verification;

namespace KapsoArchive.Tests.Delta;

/// <summary>An archive of many runs with the table of its messages: copies of one run's manifest and part, a day apart. What the rows say of
/// their run is that of the first.</summary>
internal static class ManyRuns
{
    /// <returns>The rows of each run.</returns>
    public static async Task<long> MakeAsync(string folder, int runs)
    {
        var store = new FolderStore(folder);
        await using (MovedArchive archive = await MovedArchive.BeginAsync(store, new SandboxOptions { Conversations = 1, Messages = 20, IncludeSamples = false }, PartFormat.Parquet))
            await archive.RunAsync(full: false);
        Manifest first = Manifest.FromJson(await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(folder, "_manifests")).Single(), TestContext.Current.CancellationToken));
        ManifestFile part = first.Files.Single(f => f.Dataset == "messages");
        Directory.Delete(Path.Combine(folder, "messages", "_delta_log"), recursive: true);
        for (int run = 1; run < runs; run++)
        {
            DateTimeOffset start = first.StartedAt.AddDays(run);
            string id = $"{start.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{run:x8}";
            ManifestFile copy = part with { Path = $"messages/snapshot_date={start.UtcDateTime:yyyy-MM-dd}/{id}-00000.parquet" };
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, copy.Path))!);
            File.Copy(Path.Combine(folder, part.Path), Path.Combine(folder, copy.Path));
            Manifest manifest = first with { RunId = id, StartedAt = start, FinishedAt = start.AddMinutes(1), Files = [copy] };
            await File.WriteAllBytesAsync(Path.Combine(folder, "_manifests", $"{id}.json"), manifest.ToJson(), TestContext.Current.CancellationToken);
        }

        await new DeltaLog(store, DeltaTable.All[0]).AppendAsync(TestContext.Current.CancellationToken);
        return part.Rows;
    }
}
