using System.Diagnostics;
using System.Globalization;
using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>One archive run of all conversations, put together as the programs do.</summary>
internal static class ArchiveChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        var tracker = new RunTracker();
        using var stop = new CancellationTokenSource();
        Task<TimeSpan> publishing = PublishingAsync(tracker, stop.Token);
        Manifest manifest = await ExecuteAsync(
            settings["url"], settings.OfProgram(), Clock(settings), Selection(settings), settings.Find("window") is null ? null : settings.Time("window"), tracker);
        await stop.CancelAsync();
        List<ManifestFile> parts = [.. manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name)];
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["messages"] = manifest.Totals.Rows.Added,
            ["conversations"] = manifest.Totals.Conversations.Complete,
            ["requests"] = manifest.Totals.Requests,
            ["throttled"] = manifest.Totals.Throttled,
            ["due"] = manifest.Totals.Sweeps.DuePages,
            ["parts"] = parts.Count,
            ["publishing"] = (await publishing).TotalSeconds,
            ["bytes"] = parts.Sum(p => p.Bytes),
        };
    }

    /// <exception cref="InvalidOperationException">The run is not complete.</exception>
    public static async Task<Manifest> ExecuteAsync(
        string source, IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider time, ConversationSelection conversations, TimeSpan? rateWindow = null,
        RunTracker? tracker = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Kapso:ApiKey", "sandbox-key"),
            new("Kapso:BaseUrl", source),
            .. settings.Prepend(new("Archive:Media", "none")).GroupBy(s => s.Key).Select(s => s.Last()),
        ]).Build();
        IServiceCollection services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(time)
            .AddKapso(configuration)
            .AddRuns(configuration);
        if (rateWindow is { } window)
            services.PostConfigure<KapsoOptions>(o => o.RateWindow = window);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Manifest manifest = await provider.GetRequiredService<RunExecutor>().ExecuteAsync(
            new RunRequest { Conversations = conversations, Formats = [PartFormat.Parquet], Trigger = "cli" }, tracker ?? new RunTracker(), CancellationToken.None);
        return manifest.Status == "Succeeded" ? manifest : throw new InvalidOperationException($"The run ended as {manifest.Status}.");
    }

    /// <summary>From the moment at which the run has read everything to its end.</summary>
    private static async Task<TimeSpan> PublishingAsync(RunTracker tracker, CancellationToken untilItsEnd)
    {
        long? began = null;
        while (!untilItsEnd.IsCancellationRequested)
        {
            if (tracker.Phase == RunPhase.Publishing)
                began ??= Stopwatch.GetTimestamp();
            await Task.Delay(10, CancellationToken.None);
        }

        return began is { } start ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;
    }

    private static TimeProvider Clock(ChildSettings settings) => settings.Find("at") is { } start
        ? new ShiftedTime(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture))
        : TimeProvider.System;

    private static ConversationSelection Selection(ChildSettings settings) => settings.Find("ids") is { } file
        ? ConversationSelection.FromFile(file, "ids", File.ReadAllText)
        : ConversationSelection.All;
}
