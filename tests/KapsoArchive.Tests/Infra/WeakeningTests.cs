namespace KapsoArchive.Tests.Infra;

/// <summary>The rules bite: each is shown templates that somebody made less safe.</summary>
public sealed class WeakeningTests(BicepServer bicep) : IClassFixture<BicepServer>
{
    public static TheoryData<string> Names => new(Weakening.All.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task A_weakening_is_noticed(string name)
    {
        Weakening weakening = Weakening.All[name];
        using EditedTemplates templates = new(bicep);
        templates.Replace(weakening.File, weakening.Sound, weakening.Weak);

        string weakened = await templates.SnapshotOfProdAsync(TestContext.Current.CancellationToken);

        Should.Throw<ShouldAssertException>(() => weakening.Rule(weakened), $"no rule noticed: {name}");
    }

    [Fact]
    public async Task Unchanged_templates_give_the_committed_snapshot_and_keep_every_rule()
    {
        using EditedTemplates templates = new(bicep);

        string untouched = await templates.SnapshotOfProdAsync(TestContext.Current.CancellationToken);

        Snapshot.Of(untouched).Resources.Select(r => r.Json.ToJsonString()).ShouldBe(Snapshot.Of("prod").Resources.Select(r => r.Json.ToJsonString()));
        foreach ((string name, Weakening weakening) in Weakening.All)
            Should.NotThrow(() => weakening.Rule(untouched), $"the rule that must notice '{name}' fails on sound templates too");
    }
}
