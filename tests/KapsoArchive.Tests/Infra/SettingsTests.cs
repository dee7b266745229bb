using System.Text.RegularExpressions;
using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Tests.Infra;

/// <summary>The settings that the template gives the app are those that the program reads.</summary>
public sealed partial class SettingsTests
{
    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_program_knows_every_setting_of_the_app(string environment)
    {
        IConfiguration settings = Settings(environment);

        Should.NotThrow(() => settings.GetSection(KapsoOptions.Section).Get<KapsoOptions>(binder => binder.ErrorOnUnknownConfiguration = true)).ShouldNotBeNull();
        Should.NotThrow(() => settings.GetSection(ArchiveOptions.Section).Get<ArchiveOptions>(binder => binder.ErrorOnUnknownConfiguration = true)).ShouldNotBeNull();
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_program_accepts_the_values(string environment)
    {
        IConfiguration settings = Settings(environment);
        using ServiceProvider provider = new ServiceCollection().AddKapso(settings).AddRuns(settings).BuildServiceProvider();

        KapsoOptions kapso = Should.NotThrow(() => provider.GetRequiredService<IOptions<KapsoOptions>>().Value);
        ArchiveOptions archive = Should.NotThrow(() => provider.GetRequiredService<IOptions<ArchiveOptions>>().Value);

        kapso.BaseUrl.ShouldBe("https://app.kapso.ai/api/v1/");
        kapso.RateShare.ShouldBe(0.8);
        kapso.MaxConcurrency.ShouldBe(8);
        archive.Media.ShouldBe("all");
        archive.MaxMediaBytes.ShouldBe(100 * 1024 * 1024);
        archive.MediaDuration.ShouldBe(TimeSpan.FromMinutes(10));
        archive.MediaConcurrency.ShouldBe(8);
        Formats.Parse(archive.Formats, "Archive:Formats").Count.ShouldBe(2);
        ConversationSelection.Parse(archive.Conversations, "Archive:Conversations", file =>
        {
            file.ShouldBe("conversations.txt");
            return "3c90c3cc-0d44-4b50-8888-8dd25736052a";
        }).ShouldNotBeNull();
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_destination_is_the_data_container_of_the_archive_account(string environment)
    {
        Snapshot snapshot = Snapshot.Of(environment);
        IConfiguration settings = Settings(environment);

        settings["Archive:Destination"].ShouldBe($"https://{snapshot.ArchiveAccount.Name}.blob.core.windows.net/{snapshot.Container}");
        Should.NotThrow(() => StoreOpener.Open(settings.GetSection(ArchiveOptions.Section).Get<ArchiveOptions>()!, TimeProvider.System));
    }

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_schedule_has_six_fields(string environment) => Settings(environment)["ArchiveSchedule"]!.Split(' ').Length.ShouldBe(6);

    [Theory, InlineData("dev"), InlineData("prod")]
    public void The_triggers_find_their_settings_and_queues(string environment)
    {
        string code = string.Join('\n', Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories).Select(file => File.ReadAllText(file)));
        Snapshot snapshot = Snapshot.Of(environment);

        List<string> placeholders = [.. Placeholder().Matches(code).Select(m => m.Groups["name"].Value).Distinct()];
        placeholders.ShouldNotBeEmpty();
        placeholders.ShouldBeSubsetOf(snapshot.AppSettings.Select(setting => setting.Key));
        foreach (PredictedResource queue in snapshot.All("Microsoft.Storage/storageAccounts/queueServices/queues"))
            code.ShouldContain($"\"{queue.Name.Split('/')[^1]}\"");
    }

    /// <summary>As the Functions host hands them to the program: <c>A__B</c> becomes <c>A:B</c>, a reference to the vault its
    /// secret.</summary>
    private static IConfiguration Settings(string environment) => new ConfigurationBuilder()
        .AddInMemoryCollection(Snapshot.Of(environment).AppSettings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":"), Value(setting.Value!.GetValue<string>()))))
        .Build();

    private static string? Value(string setting) => ArmExpression.Resolve(setting) is var text && text.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal) ? "key-from-the-vault" : text;

    [GeneratedRegex("\"%(?<name>[A-Za-z]+)%\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
