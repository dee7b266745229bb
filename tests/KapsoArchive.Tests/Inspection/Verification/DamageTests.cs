using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Sweeps;

namespace KapsoArchive.Tests.Inspection.Verification;

/// <summary>Whatever is done to the files of an archive is found, and the finding names the file.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const int Flips = 200;

    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<Manifest> _runs = [];

    private FolderStore Store => new(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _runs = await MovedArchive.OfThreeRunsAsync(Store);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_byte_flipped_anywhere_is_found()
    {
        ulong seed = Schedules.Seed;
        var random = new Random((int)seed);
        (string Name, string File)[] files = [.. Files()];
        HashSet<string> kinds = [];
        for (int flip = 0; flip < Flips; flip++)
        {
            (string name, string file) = files[random.Next(files.Length)];
            kinds.Add(name.Contains('/') ? name[..name.LastIndexOf('/')] : name);
            byte[] sound = await File.ReadAllBytesAsync(file, Cancellation);
            byte[] damaged = [.. sound];
            int position = random.Next(sound.Length);
            damaged[position] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(file, damaged, Cancellation);

            VerificationReport report = await VerificationContract.VerifyAsync(Store);

            report.Findings.Select(f => f.Path).ShouldContain(name, $"seed {seed}, flip {flip}: byte {position} of {name} from {sound[position]} to {damaged[position]}");
            report.Findings.ShouldAllBe(f => f.Problem.Length > 0 && f.Action.Length > 0);
            await File.WriteAllBytesAsync(file, sound, Cancellation);
        }

        (await VerificationContract.VerifyAsync(Store)).Findings.ShouldBeEmpty();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {Flips} flips in {files.Length} files, all found: {string.Join(", ", kinds)}");
    }

    [Fact]
    public async Task A_missing_file_is_found()
    {
        foreach ((string name, string file) in Files())
        {
            File.Move(file, _folder.File("_state/away"));

            VerificationReport report = await VerificationContract.VerifyAsync(Store);

            report.Findings.ShouldContain(f => f.Path == name && f.Problem.StartsWith("is missing"), name);
            File.Move(_folder.File("_state/away"), file);
        }
    }

    [Fact]
    public async Task A_truncated_file_is_found()
    {
        foreach ((string name, string file) in Files())
        {
            byte[] sound = await File.ReadAllBytesAsync(file, Cancellation);
            foreach (int length in (int[])[0, sound.Length / 2, sound.Length - 1])
            {
                await File.WriteAllBytesAsync(file, sound[..length], Cancellation);

                (await VerificationContract.VerifyAsync(Store)).Findings.ShouldContain(f => f.Path == name, $"{name} of {length} bytes");
            }

            await File.WriteAllBytesAsync(file, sound, Cancellation);
        }
    }

    [Theory]
    [InlineData("messages/snapshot_date=2026-11-22/20261122T020000Z-1a2b3c4d-00000.parquet", "is named by no manifest")]
    [InlineData("messages_jsonl/snapshot_date=2026-11-22/20261122T020000Z-1a2b3c4d-00000.jsonl.gz", "is named by no manifest")]
    [InlineData("_rejected/20261122T020000Z-1a2b3c4d.jsonl", "is named by no manifest")]
    [InlineData("conversations/copy.parquet", "is not a file of an archive")]
    [InlineData("notes.txt", "is not a file of an archive")]
    [InlineData("_manifests/notes.txt", "is not a file of an archive")]
    [InlineData("_state/index/leaves/0123", "is a leaf that the catalog of the index does not name")]
    public async Task A_file_that_no_manifest_names_is_found(string name, string problem)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        await File.WriteAllTextAsync(_folder.File(name), "stray", Cancellation);

        Finding finding = (await VerificationContract.VerifyAsync(Store)).Findings.ShouldHaveSingleItem();

        finding.Path.ShouldBe(name.Replace("_state/", ""));
        finding.Problem.ShouldBe(problem);
    }

    [Fact]
    public async Task A_manifest_removed_from_the_chain_is_found_and_its_files_are_kept()
    {
        string missing = Layout.Manifest(_runs[1].RunId);
        File.Delete(_folder.File(missing));

        VerificationReport report = await VerificationContract.VerifyAsync(Store);

        report.Findings.ShouldContain(f => f.Path == missing && f.Problem == $"is missing: {Layout.Manifest(_runs[2].RunId)} names it as the previous manifest");
        foreach (ManifestFile file in _runs[1].Files)
            report.Findings.ShouldContain(f => f.Path == file.Path && f.Action.Contains("until that manifest is restored"));
        report.Findings.Count.ShouldBe(1 + _runs[1].Files.Count);
        report.Remarks.ShouldContain(r => r.StartsWith("The index was not compared"));
    }

    [Fact]
    public async Task Only_the_changed_manifest_in_the_middle_is_named()
    {
        string changed = _folder.File(Layout.Manifest(_runs[1].RunId));
        await File.WriteAllTextAsync(changed, (await File.ReadAllTextAsync(changed, Cancellation)).Replace("\"trigger\": \"cli\"", "\"trigger\": \"CLI\""), Cancellation);

        (await VerificationContract.VerifyAsync(Store)).Findings.ShouldHaveSingleItem().Path.ShouldBe(Layout.Manifest(_runs[1].RunId));
        (await VerificationContract.VerifyAsync(Store, _runs[1].RunId)).Findings.ShouldHaveSingleItem();
        (await VerificationContract.VerifyAsync(Store, _runs[2].RunId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Totals_that_do_not_fit_the_files_are_found()
    {
        Manifest run = _runs[2];
        Manifest wrong = run with
        {
            Totals = run.Totals with { Rows = run.Totals.Rows with { Added = 70, Rejected = 3 }, Conversations = run.Totals.Conversations with { Failed = 2 }, Bytes = 1 },
        };
        await File.WriteAllBytesAsync(_folder.File(Layout.Manifest(run.RunId)), wrong.ToJson(), Cancellation);

        string[] problems = [.. (await VerificationContract.VerifyAsync(Store)).Findings.Where(f => f.Path == Layout.Manifest(run.RunId)).Select(f => f.Problem)];

        foreach (string words in (string[])["rows of messages,", "rows of messages_jsonl,", " conversations, but its files", "rejected records", "counts 1 bytes", "says Succeeded", "but its conversations dataset"])
            problems.ShouldContain(p => p.Contains(words), words);
    }

    [Fact]
    public async Task Damaged_parts_make_a_rebuild_fail_and_leave_the_index()
    {
        string part = _folder.File(_runs[0].Files.First(f => f.Dataset == "messages").Path);
        byte[] catalog = await File.ReadAllBytesAsync(_folder.File("_state/index/catalog"), Cancellation);
        await File.WriteAllTextAsync(part, "damaged", Cancellation);

        (await Should.ThrowAsync<StoreException>(() => VerificationContract.VerifyAsync(Store, rebuild: true))).Message.ShouldEndWith("so the index cannot be rebuilt from it. Restore it from a backup.");

        (await File.ReadAllBytesAsync(_folder.File("_state/index/catalog"), Cancellation)).ShouldBe(catalog);
    }

    [Fact]
    public async Task A_changed_manifest_prevents_rebuilding_the_index()
    {
        string changed = _folder.File(Layout.Manifest(_runs[0].RunId));
        await File.WriteAllTextAsync(changed, (await File.ReadAllTextAsync(changed, Cancellation)).Replace("\"conversations\": \"all\"", "\"conversations\": \"alm\""), Cancellation);

        (await Should.ThrowAsync<StoreException>(() => VerificationContract.VerifyAsync(Store, rebuild: true))).Message.ShouldStartWith($"{Layout.Manifest(_runs[0].RunId)} of ");
    }

    /// <summary>Everything that a verification answers for: by its name in its area, and where it lies.</summary>
    private IEnumerable<(string Name, string File)> Files()
    {
        foreach (string file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(_folder.Path, file).Replace('\\', '/');
            if (!name.StartsWith("_state/", StringComparison.Ordinal))
                yield return (name, file);
            else if (name == "_state/latest.json" || name.StartsWith("_state/index/", StringComparison.Ordinal))
                yield return (name["_state/".Length..], file);
        }
    }
}
