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
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Kapso:ApiKey", "sandbox-key"),
            new("Kapso:BaseUrl", settings["url"]),
            .. settings.OfProgram().Prepend(new("Archive:Media", "none")).GroupBy(s => s.Key).Select(s => s.Last()),
        ]).Build();
        IServiceCollection services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock(settings))
            .AddKapso(configuration)
            .AddRuns(configuration);
        if (settings.Find("window") is not null)
            services.PostConfigure<KapsoOptions>(o => o.RateWindow = settings.Time("window"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Manifest manifest = await provider.GetRequiredService<RunExecutor>().ExecuteAsync(
            new RunRequest { Conversations = Selection(settings), Formats = [PartFormat.Parquet], Trigger = "cli" }, new RunTracker(), CancellationToken.None);
        if (manifest.Status != "Succeeded")
            throw new InvalidOperationException($"The run ended as {manifest.Status}.");

        List<ManifestFile> parts = [.. manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name)];
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["messages"] = manifest.Totals.Rows.Added,
            ["conversations"] = manifest.Totals.Conversations.Complete,
            ["requests"] = manifest.Totals.Requests,
            ["throttled"] = manifest.Totals.Throttled,
            ["due"] = manifest.Totals.Sweeps.DuePages,
            ["parts"] = parts.Count,
            ["bytes"] = parts.Sum(p => p.Bytes),
        };
    }

    private static TimeProvider Clock(ChildSettings settings) => settings.Find("at") is { } start
        ? new ShiftedTime(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture))
        : TimeProvider.System;

    private static ConversationSelection Selection(ChildSettings settings) => settings.Find("ids") is { } file
        ? ConversationSelection.FromFile(file, "ids", File.ReadAllText)
        : ConversationSelection.All;
}
