using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Tests.Archive;

/// <summary>Two projects in one process: each has its own source, key, rate budget, settings, lock and lake.</summary>
public sealed class TwoArchivesTests : IAsyncDisposable
{
    private static readonly (string Name, string Key, string Formats, int Messages, int Seed)[] Projects =
        [("acme", "key-of-acme", "parquet", 400, 1), ("zenith", "key-of-zenith", "jsonl", 700, 2)];

    private readonly Dictionary<string, SandboxServer> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TemporaryFolder> _folders = new(StringComparer.Ordinal);
    private ServiceProvider? _services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        foreach (SandboxServer source in _sources.Values)
            await source.DisposeAsync();
        foreach (TemporaryFolder folder in _folders.Values)
            folder.Dispose();
    }

    [Fact]
    public async Task Each_run_reads_its_own_source_and_writes_its_own_lake()
    {
        await StartAsync();

        Manifest[] manifests = await Task.WhenAll(Projects.Select(project => RunAsync(project.Name)));

        foreach ((string name, _, string format, int messages, _) in Projects)
        {
            Manifest manifest = manifests[Array.FindIndex(Projects, p => p.Name == name)];
            manifest.Status.ShouldBe("Succeeded", name);
            manifest.Totals.Rows.Added.ShouldBe(messages, name);
            manifest.Totals.Requests.ShouldBe(_sources[name].RequestCount, name);
            manifest.Files.Where(f => f.Dataset.StartsWith("messages", StringComparison.Ordinal)).ShouldAllBe(f => f.Format == format);
            string[] known = [.. _sources[name].Data.Conversations.Select(c => c.Id).Order(StringComparer.Ordinal)];
            using var duck = new DuckDb();
            duck.Rows($"SELECT conversation_id FROM read_parquet('{_folders[name].Path}/conversations/*/*.parquet')")
                .Select(r => (string)r[0]!).Order(StringComparer.Ordinal).ToArray().ShouldBe(known);
        }
    }

    [Fact]
    public async Task A_throttled_source_delays_only_its_own_project()
    {
        await StartAsync();
        _sources["acme"].Rate = new SandboxRate { Limit = 1 };

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Manifest> held = RunAsync("acme", stop.Token);
        (await RunAsync("zenith")).Status.ShouldBe("Succeeded");

        held.IsCompleted.ShouldBeFalse();
        Service<RateBudget>("acme").ShouldNotBeSameAs(Service<RateBudget>("zenith"));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(held);
    }

    [Fact]
    public async Task The_second_run_of_each_continues_from_its_own_index()
    {
        await StartAsync();
        await Task.WhenAll(Projects.Select(project => RunAsync(project.Name)));

        Manifest[] second = await Task.WhenAll(Projects.Select(project => RunAsync(project.Name)));

        second.ShouldAllBe(m => m.Totals.Rows.Added == 0 && m.Totals.Rows.Changed == 0 && m.Totals.Rows.Removed == 0);
        foreach ((string name, _, _, int messages, _) in Projects)
        {
            VerificationReport report = await Service<ArchiveVerification>(name).VerifyAsync(
                new VerificationRequest(null, RebuildIndex: false), new VerificationTracker(), Cancellation);
            report.Findings.ShouldBeEmpty(name);
            report.Checked.Messages.ShouldBe(messages, name);
        }
    }

    [Fact]
    public async Task A_wrong_key_in_one_project_does_not_affect_the_other()
    {
        await StartAsync(("Kapso:ApiKey", "key-of-acme"), of: "zenith");

        await Should.ThrowAsync<KeyRefusedException>(() => RunAsync("zenith"));
        (await RunAsync("acme")).Status.ShouldBe("Succeeded");
    }

    private async Task StartAsync((string Setting, string Value)? changed = null, string? of = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        foreach ((string name, string key, string formats, int messages, int seed) in Projects)
        {
            _sources[name] = await SandboxServer.StartAsync(
                new SandboxOptions { ApiKey = key, Conversations = 9, Messages = messages, Seed = seed, IncludeSamples = false }, cancellationToken: Cancellation);
            _folders[name] = new TemporaryFolder();
            Dictionary<string, string?> settings = new(StringComparer.Ordinal)
            {
                ["Kapso:ApiKey"] = key,
                ["Kapso:BaseUrl"] = _sources[name].BaseUrl.ToString(),
                ["Archive:Destination"] = _folders[name].Path,
                ["Archive:Formats"] = formats,
                ["Archive:Media"] = "none",
            };
            if (changed is { } change && of == name)
                settings[change.Setting] = change.Value;
            IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            services.AddKapso(configuration, name).AddRuns(configuration, name);
        }

        _services = services.BuildServiceProvider();
    }

    private Task<Manifest> RunAsync(string project, CancellationToken? cancellationToken = null) => Service<RunExecutor>(project).ExecuteAsync(
        new RunRequest
        {
            Conversations = ConversationSelection.All,
            Formats = Formats.Parse(Projects.Single(p => p.Name == project).Formats, "the test"),
            Trigger = "cli",
        },
        new RunTracker(),
        cancellationToken ?? Cancellation);

    private T Service<T>(string project)
        where T : notnull => _services!.GetRequiredKeyedService<T>(project);
}
