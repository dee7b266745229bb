using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>403, 404 and 422 for a conversation concern that conversation; only 401, or 403 for everything, concerns the key.</summary>
public sealed class ForbiddenConversationTests : IDisposable
{
    private const string Forbidden = """{"error":"This inbox is not yours"}""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Seeds => Samples.Seeds;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(403, "Kapso answered 403: This inbox is not yours.")]
    [InlineData(404, "not found")]
    [InlineData(422, "Kapso answered 422: This inbox is not yours.")]
    [InlineData(400, "Kapso answered 400: This inbox is not yours.")]
    public async Task A_refused_conversation_fails_alone_and_is_named(int status, string reason)
    {
        await using ListSource source = await SourceAsync(20, id => id == "c7" ? (status, Forbidden) : null);
        await using RunHarness harness = Harness(source);

        Manifest manifest = await harness.RunAsync();

        ManifestIncomplete failed = manifest.Incomplete.ShouldHaveSingleItem();
        (failed.ConversationId, failed.Outcome, failed.Reason).ShouldBe(("c7", "failed", reason));
        (manifest.Status, manifest.Totals.Rows.Added).ShouldBe(("PartiallySucceeded", 19));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Many_refusals_in_a_row_are_not_an_outage(int status)
    {
        await using ListSource source = await SourceAsync(40, id => id == "c0" || id.CompareTo("c3", StringComparison.Ordinal) > 0 ? null : (status, Forbidden));
        await using RunHarness harness = Harness(source, concurrency: 1);

        Manifest manifest = await harness.RunAsync();

        manifest.Totals.Conversations.Failed.ShouldBeGreaterThan(20);
        manifest.Totals.Conversations.Complete.ShouldBeGreaterThan(8);
    }

    /// <summary>Which of the conversations are forbidden, how many there are and how many are read at once: all drawn.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_key_counts_as_refused_only_after_three_refusals_without_a_success(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < (Samples.IsExhaustive ? 300 : 12); i++)
        {
            int count = random.Next(1, 9);
            int concurrency = random.Next(1, 9);
            HashSet<string> forbidden = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) > 0).Select(n => $"c{n}")];
            if (random.Next(3) == 0)
                forbidden = [.. Enumerable.Range(0, count).Select(n => $"c{n}")];
            await using ListSource source = await SourceAsync(count, id => forbidden.Contains(id) ? (403, Forbidden) : null);
            await using RunHarness harness = Harness(source, $"{i}", concurrency);
            string drawn = $"seed {seed}, case {i}: {count} conversations, {concurrency} at once, forbidden {string.Join(' ', forbidden)}";

            if (forbidden.Count == count && count >= 3)
            {
                await Should.ThrowAsync<KeyRefusedException>(() => harness.RunAsync(), drawn);
                continue;
            }

            bool mayBeKey = concurrency < count && Enumerable.Range(0, 3).All(n => forbidden.Contains($"c{n}"));
            try
            {
                Manifest manifest = await harness.RunAsync();
                manifest.Totals.Conversations.ShouldBe(new ConversationTotals(count - forbidden.Count, 0, 0, forbidden.Count), drawn);
            }
            catch (KeyRefusedException)
            {
                mayBeKey.ShouldBeTrue(drawn);
            }
        }
    }

    [Fact]
    public async Task A_run_with_one_forbidden_conversation_is_published_and_ends_with_code_3()
    {
        await using ListSource source = await SourceAsync(5, id => id == "c1" ? (403, Forbidden) : null);

        CliResult result = await RunAsync(source);

        result.ExitCode.ShouldBe(3, result.Error);
        result.Output.ShouldContain("c1");
        result.Output.ShouldContain("This inbox is not yours");
        Directory.GetFiles(_folder.File("lake/_manifests")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public async Task Three_forbidden_conversations_count_as_a_refused_key_and_two_do_not(int count, int exitCode)
    {
        await using ListSource source = await SourceAsync(count, _ => (403, Forbidden));

        (await RunAsync(source)).ExitCode.ShouldBe(exitCode);
    }

    private Task<CliResult> RunAsync(ListSource source) => CliProcess.RunAsync(
        _folder.Path,
        [new("Kapso__ApiKey", "key"), new("Kapso__BaseUrl", source.Api.ToString())],
        ["run", "--quiet", "--conversations", "all", "--out", _folder.File("lake")]);

    private RunHarness Harness(ListSource source, string name = "lake", int concurrency = 8) =>
        new(source.Api, new FolderStore(_folder.File(name)), settings: [new("Kapso:MaxConcurrency", $"{concurrency}")]);

    private static Task<ListSource> SourceAsync(int count, Func<string, (int, string)?> answer) => new ListSource
    {
        Conversations = [.. Enumerable.Range(0, count).Select(i => ($"c{i}", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(-i)))],
        Answer = answer,
    }.StartAsync();
}
