using System.Text;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Damage;

/// <summary>
/// Every document of an archive, damaged in three ways, one at a time: <c>verify</c> names it, the next run names it if it reads it, and neither changes anything else.
/// </summary>
public sealed class EveryDocumentTests
{
    private const int ByDefault = 12;
    private const int All = 10_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task At_rest(int seed)
    {
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        await archive.LiveAsync();
        await using DamagedArchive another = await AnotherAsync();
        await another.LiveAsync();

        await DamageAsync(archive, another, seed);
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task While_a_run_is_half_read(int seed)
    {
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        await BreakOffWhileReadingAsync(archive);
        await using DamagedArchive another = await AnotherAsync();
        await BreakOffWhileReadingAsync(another);

        await DamageAsync(archive, another, seed);
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task While_a_run_is_half_published(int seed)
    {
        await using DamagedArchive archive = await DamagedArchive.BeginAsync();
        await BreakOffWhilePublishingAsync(archive);
        await using DamagedArchive another = await AnotherAsync();
        await BreakOffWhilePublishingAsync(another);

        await DamageAsync(archive, another, seed);
    }

    private static Task<DamagedArchive> AnotherAsync() => DamagedArchive.BeginAsync(DamagedArchive.Options with { Seed = 4711 });

    private static async Task BreakOffWhileReadingAsync(DamagedArchive archive)
    {
        await archive.RunAsync(archive.Sandbox.Data.Conversations[0].Id);
        for (int call = 4; ; call += 2)
        {
            string before = archive.Root;
            archive.Copy(before);
            await archive.BreakOffAsync("StageAsync", call);
            if (archive.Files().Keys.Any(n => n.EndsWith("/00000.json", StringComparison.Ordinal)))
                return;
            archive.Root = before;
        }
    }

    private static async Task BreakOffWhilePublishingAsync(DamagedArchive archive)
    {
        await archive.RunAsync();
        archive.Move();
        await archive.BreakOffAsync("RevealAsync", 3);
        archive.Files().Keys.ShouldContain(n => n.EndsWith("/commit.json", StringComparison.Ordinal));
    }

    private static async Task DamageAsync(DamagedArchive archive, DamagedArchive another, int seed)
    {
        string original = archive.Root;
        IReadOnlyDictionary<string, byte[]> sound = archive.Files();
        (await archive.VerifyAsync()).Findings.ShouldBeEmpty();
        (string Name, string Way)[] cases = [.. sound.Keys.Where(n => !n.StartsWith("exports/", StringComparison.Ordinal)).SelectMany(_ => (string[])["empty", "{}", "another's"], (name, way) => (name, way))];
        new Random(seed).Shuffle(cases);
        HashSet<string> told = [];
        foreach ((string name, string way) in cases.Take(Samples.Count(ByDefault, All)))
        {
            byte[] damage = way switch { "empty" => [], "{}" => "{}"u8.ToArray(), _ => Counterpart(name, another) };
            if (damage.AsSpan().SequenceEqual(sound[name]) || IsFirstClaim(damage) || IsPlace(name, damage))
                continue;
            archive.Copy(original);
            await File.WriteAllBytesAsync(archive.File(name), damage, Cancellation);
            IReadOnlyDictionary<string, byte[]> damaged = archive.Files();

            VerificationReport report = await archive.VerifyAsync();

            string path = name.Replace("_state/", "", StringComparison.Ordinal);
            report.Findings.ShouldContain(f => f.Path == path, $"seed {seed}: {name} {way}");
            ShouldBeSame(archive.Files(), damaged, $"seed {seed}: verify with {name} {way}");

            string said = await archive.TryRunAsync();
            if (IsRead(name, sound.Keys))
                said.ShouldContain(path == "index/catalog" ? "index" : path, customMessage: $"seed {seed}: {name} {way}");
            told.Add(path.Split('/')[0]);
            ShouldKeepData(archive.Files(), damaged, name, $"seed {seed}: run with {name} {way}");
            await ShouldBeSoundAgainAsync(archive, name, sound[name], $"seed {seed}: {name} {way}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {cases.Length} cases; looked at {string.Join(", ", told)}");
        archive.Root = original;
    }

    /// <summary>The first claim of another archive is as one of this archive by a run that was killed at once. It claims nothing.</summary>
    private static bool IsFirstClaim(ReadOnlySpan<byte> document) =>
        Encoding.UTF8.GetString(document) is var text && text.Contains("\"predecessor\":null", StringComparison.Ordinal) && text.Contains("\"phase\":\"Reading\"", StringComparison.Ordinal);

    /// <summary>The place of another archive is what an archive has that was moved.</summary>
    private static bool IsPlace(string name, ReadOnlySpan<byte> document) =>
        name == "_state/place.json" && Encoding.UTF8.GetString(document).Contains("\"location\":", StringComparison.Ordinal);

    /// <summary>What the next run has to read: where it was, and what was left unfinished.</summary>
    private static bool IsRead(string name, IEnumerable<string> all) =>
        name is "_state/latest.json" or "_state/index/catalog" or "_state/listing-notes"
        || name == all.Where(n => n.StartsWith("_manifests/", StringComparison.Ordinal)).Max(StringComparer.Ordinal)
        || (name.StartsWith("_state/journal/", StringComparison.Ordinal) && !(name.EndsWith(".rejected", StringComparison.Ordinal) && all.Any(n => n.EndsWith("/commit.json", StringComparison.Ordinal))));

    /// <summary>The document of the same kind in the other archive, or else its first one.</summary>
    private static byte[] Counterpart(string name, DamagedArchive another)
    {
        string[] others = [.. another.Files().Keys];
        string file = Path.GetFileName(name);
        string counterpart = others.FirstOrDefault(o => FolderOf(o) == FolderOf(name) && Path.GetFileName(o) == file)
            ?? others.FirstOrDefault(o => FolderOf(o) == FolderOf(name) && Path.GetExtension(o) == Path.GetExtension(file))
            ?? others.First(o => o.EndsWith(".json", StringComparison.Ordinal));
        return File.ReadAllBytes(another.File(counterpart));
    }

    /// <summary>The folder without the run's id in it.</summary>
    private static string FolderOf(string name) => string.Join('/', name.Split('/').SkipLast(1).Where(s => !s.StartsWith('2')));

    private static void ShouldBeSame(IReadOnlyDictionary<string, byte[]> files, IReadOnlyDictionary<string, byte[]> before, string when)
    {
        files.Keys.ShouldBe(before.Keys, when);
        foreach ((string name, byte[] content) in before)
            files[name].AsSpan().SequenceEqual(content).ShouldBeTrue($"{name}, {when}");
    }

    /// <summary>What was published stays as it was, byte for byte, and so do the records of earlier runs.</summary>
    private static void ShouldKeepData(
        SortedDictionary<string, byte[]> files, IReadOnlyDictionary<string, byte[]> before, string damaged, string when)
    {
        bool abandons = damaged.StartsWith("_state/journal/", StringComparison.Ordinal);
        string[] runs = [.. before.Keys.Where(n => n.StartsWith("_manifests/", StringComparison.Ordinal)).Select(n => Path.GetFileNameWithoutExtension(n))];
        foreach ((string name, byte[] content) in before.Where(f => !abandons || runs.Any(f.Key.Contains)))
        {
            if (name.StartsWith("_state/index/", StringComparison.Ordinal) || name.StartsWith("_state/journal/", StringComparison.Ordinal) || name is "_state/latest.json" or "_state/listing-notes" or "_state/place.json")
                continue;
            if (name.StartsWith("_state/runs/", StringComparison.Ordinal) && !runs.Any(name.Contains))
                continue;
            files.ContainsKey(name).ShouldBeTrue($"{name}, {when}");
            files[name].AsSpan().SequenceEqual(content).ShouldBeTrue($"{name}, {when}");
        }
    }

    private static async Task ShouldBeSoundAgainAsync(DamagedArchive archive, string name, byte[] content, string when)
    {
        IReadOnlyList<Finding> findings = (await archive.VerifyAsync()).Findings;
        if (findings.Count == 0)
            return;
        Directory.Exists(Path.GetDirectoryName(archive.File(name))).ShouldBeTrue($"{when}: {string.Join('\n', findings)}");
        await File.WriteAllBytesAsync(archive.File(name), content, Cancellation);
        findings = (await archive.VerifyAsync()).Findings;
        if (findings.Count > 0 && findings.All(f => f.Path.Contains("/_delta_log/", StringComparison.Ordinal) && f.Problem.StartsWith("is missing", StringComparison.Ordinal)))
        {
            await archive.TryRunAsync(); // The log could not go on after the damage. The next run completes it.
            findings = (await archive.VerifyAsync()).Findings;
        }

        findings.ShouldBeEmpty($"{when}: with the document of a backup");
    }
}
