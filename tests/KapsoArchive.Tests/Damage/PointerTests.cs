using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Damage;

/// <summary><c>latest.json</c> is compared with the manifest that it names before it is believed, and the next run writes it anew.</summary>
public sealed class PointerTests : IAsyncLifetime
{
    private const string Latest = "_state/latest.json";

    private DamagedArchive _archive = null!;
    private Manifest _first = null!;
    private Manifest _second = null!;

    private static readonly string[] Damages =
    [
        "sha256 null", "sha256 missing", "sha256 wrong", "sha256 no hash", "run_id null", "run_id of the year 9999", "run_id of next year", "run_id of the run before", "run_id no id", "manifest elsewhere",
        "finished_at wrong", "empty", "{}", "null", "[]", "no JSON", "missing",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _archive = await DamagedArchive.BeginAsync();
        _first = await _archive.RunAsync();
        _archive.Move();
        _second = await _archive.RunAsync(full: true);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    [Fact]
    public async Task A_damaged_pointer_is_reported_repaired_and_never_copied_into_a_manifest()
    {
        string sound = _archive.Root;
        foreach (string damage in Damages)
        {
            _archive.Copy(sound);
            await DamageAsync(damage);

            VerificationReport before = await _archive.VerifyAsync();
            IReadOnlyList<string> status = (await _archive.StatusAsync()).Damages;
            (Manifest run, string told) = await _archive.RunAndTellAsync();
            StatusReport after = await _archive.StatusAsync();

            before.Findings.ShouldContain(f => f.Path == "latest.json", damage);
            status.ShouldHaveSingleItem(damage).ShouldStartWith("latest.json of ");
            told.ShouldContain("latest.json of ", customMessage: damage);
            run.Previous.ShouldBe(new ManifestPrevious(_second.RunId, HashOf(_second)), damage);
            run.Totals.Rows.Added.ShouldBe(0, $"{damage}: the index is the right one");
            (await _archive.VerifyAsync()).Findings.ShouldBeEmpty(damage);
            after.Damages.ShouldBeEmpty(damage);
            after.Latest!.RunId.ShouldBe(run.RunId, damage);
        }

        (Manifest next, string nextTold) = await _archive.RunAndTellAsync();
        nextTold.ShouldBe("", "it was repaired");
        next.Warnings.ShouldBeNull();
    }

    [Fact]
    public async Task Status_takes_the_newest_run_from_the_manifests()
    {
        await DamageAsync("run_id of the run before");

        (await _archive.StatusAsync()).Latest.ShouldBe(new LatestPointer(_second.RunId, Layout.Manifest(_second.RunId), HashOf(_second), _second.FinishedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    public async Task A_damaged_newest_manifest_is_reported_and_the_chain_keeps_its_hash(string content)
    {
        string manifest = _archive.File(Layout.Manifest(_second.RunId));
        byte[] sound = await File.ReadAllBytesAsync(manifest, Cancellation);
        await File.WriteAllTextAsync(manifest, content, Cancellation);

        (Manifest run, string told) = await _archive.RunAndTellAsync();
        VerificationReport damaged = await _archive.VerifyAsync();
        await File.WriteAllBytesAsync(manifest, sound, Cancellation);

        told.ShouldContain($"{Layout.Manifest(_second.RunId)} of ");
        run.Previous.ShouldBe(new ManifestPrevious(_second.RunId, Convert.ToHexStringLower(SHA256.HashData(sound))));
        damaged.Findings.ShouldContain(f => f.Path == Layout.Manifest(_second.RunId));
        (await _archive.VerifyAsync()).Findings.ShouldBeEmpty("a backup brings it back");
    }

    /// <summary>As an earlier program wrote it from a damaged pointer.</summary>
    [Fact]
    public async Task A_chain_with_a_missing_hash_continues()
    {
        string manifest = _archive.File(Layout.Manifest(_second.RunId));
        await File.WriteAllBytesAsync(manifest, (_second with { Previous = new ManifestPrevious(_first.RunId, null!) }).ToJson(), Cancellation);
        await PointAtAsync(manifest);

        VerificationReport named = await _archive.VerifyAsync();
        await _archive.RunAsync();
        await _archive.RunAsync();
        VerificationReport later = await _archive.VerifyAsync();

        foreach (VerificationReport report in (VerificationReport[])[named, later])
        {
            report.Findings.ShouldBeEmpty();
            report.Remarks.ShouldHaveSingleItem().ShouldStartWith($"{Layout.Manifest(_second.RunId)} names run {_first.RunId} as the previous run, without the SHA-256 of its manifest");
        }
    }

    [Fact]
    public async Task A_chain_with_a_wrong_hash_continues_and_the_fault_is_reported_once()
    {
        string manifest = _archive.File(Layout.Manifest(_second.RunId));
        await File.WriteAllBytesAsync(manifest, (_second with { Previous = new ManifestPrevious(_first.RunId, new string('0', 64)) }).ToJson(), Cancellation);
        await PointAtAsync(manifest);

        await _archive.RunAsync();
        Manifest later = await _archive.RunAsync();

        Finding finding = (await _archive.VerifyAsync()).Findings.ShouldHaveSingleItem();
        finding.Path.ShouldBe(Layout.Manifest(_first.RunId));
        finding.Problem.ShouldContain(Layout.Manifest(_second.RunId));
        finding.Action.ShouldContain($"verify --accept {_second.RunId}");
        later.Warnings.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_accepted_fault_of_the_chain_is_a_remark_until_a_manifest_changes(bool namesMissingRun)
    {
        string manifest = _archive.File(Layout.Manifest(_second.RunId));
        var wrong = namesMissingRun ? new ManifestPrevious("20200101T000000Z-00000000", new string('1', 64)) : new ManifestPrevious(_first.RunId, new string('0', 64));
        await File.WriteAllBytesAsync(manifest, (_second with { Previous = wrong }).ToJson(), Cancellation);
        await PointAtAsync(manifest);
        await _archive.RunAsync();

        (await _archive.VerifyAsync()).Sound.ShouldBeFalse();
        VerificationReport accepted = await _archive.VerifyAsync(accept: _second.RunId[..^2]);
        await _archive.RunAsync();
        VerificationReport later = await _archive.VerifyAsync();
        await Should.ThrowAsync<SettingException>(() => _archive.VerifyAsync(accept: _first.RunId));
        string first = _archive.File(Layout.Manifest(_first.RunId));
        await File.WriteAllTextAsync(first, (await File.ReadAllTextAsync(first, Cancellation)).Replace("\"trigger\": \"cli\"", "\"trigger\": \"CLI\"", StringComparison.Ordinal), Cancellation);

        accepted.Sound.ShouldBeTrue();
        later.Sound.ShouldBeTrue();
        later.Remarks.ShouldHaveSingleItem().ShouldContain($"{Layout.Manifest(_second.RunId)} is wrong about the manifest before it. That was accepted on ");
        (await _archive.VerifyAsync()).Sound.ShouldBeFalse("it is another manifest than the one that was accepted");
    }

    private async Task DamageAsync(string damage)
    {
        string file = _archive.File(Latest);
        JsonObject json = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!.AsObject();
        switch (damage)
        {
            case "sha256 null": json["sha256"] = null; break;
            case "sha256 missing": json.Remove("sha256"); break;
            case "sha256 wrong": json["sha256"] = new string('0', 64); break;
            case "sha256 no hash": json["sha256"] = "none"; break;
            case "run_id null": json["run_id"] = null; break;
            case "run_id of the year 9999": Name("99991231T235959Z-00000000"); break;
            case "run_id of next year": Name($"{DateTime.UtcNow.Year + 1}0101T000000Z-00000000"); break;
            case "run_id of the run before": Name(_first.RunId); break;
            case "run_id no id": json["run_id"] = "newest"; break;
            case "manifest elsewhere": json["manifest"] = "_manifests/other.json"; break;
            case "finished_at wrong": json["finished_at"] = "2020-01-01T00:00:00+00:00"; break;
            case "missing": File.Delete(file); return;
            default: await File.WriteAllTextAsync(file, damage switch { "empty" => "", "no JSON" => "{", _ => damage }, Cancellation); return;
        }

        await File.WriteAllTextAsync(file, json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }), Cancellation);

        void Name(string runId) => (json["run_id"], json["manifest"]) = (runId, Layout.Manifest(runId));
    }

    private async Task PointAtAsync(string manifest) => await File.WriteAllBytesAsync(
        _archive.File(Latest), new LatestPointer(_second.RunId, Layout.Manifest(_second.RunId), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(manifest, Cancellation))), _second.FinishedAt).ToJson(), Cancellation);

    private string HashOf(Manifest manifest) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_archive.File(Layout.Manifest(manifest.RunId)))));
}
