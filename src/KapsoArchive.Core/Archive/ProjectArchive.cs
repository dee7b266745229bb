using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Media;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Archive;

/// <summary>The archive of one Kapso project: its source, store and settings. Created once per project; a process may hold
/// several. A wrong setting throws a <see cref="SettingException"/> where it is needed first.</summary>
/// <param name="services">Has the source, the store and the settings of the project under its name.</param>
/// <param name="project">Name of the project; null for the only one.</param>
public sealed class ProjectArchive(IServiceProvider services, string? project)
{
    /// <summary>The settings as messages name them.</summary>
    internal const string ConversationsSetting = "Archive:Conversations (environment Archive__Conversations)";

    /// <inheritdoc cref="ConversationsSetting"/>
    internal const string FormatsSetting = "Archive:Formats (environment Archive__Formats)";

    internal KapsoOptions Kapso => Read<KapsoOptions>();

    /// <summary>The settings of the archive.</summary>
    public ArchiveOptions Options => Read<ArchiveOptions>();

    /// <summary>The formats for a run or export whose request names none.</summary>
    public IReadOnlyList<PartFormat> DefaultFormats => Formats.Parse(Options.Formats, FormatsSetting);

    /// <summary>Number of parts of which one is verified after each nightly run; null for no verification.</summary>
    /// <exception cref="SettingException">The share is wrong.</exception>
    public int? VerificationParts => string.IsNullOrWhiteSpace(Options.VerifySubset)
        ? null
        : VerificationPart.CountOf(Options.VerifySubset, "Archive:VerifySubset (environment Archive__VerifySubset)");

    internal IStore Store => services.GetRequiredKeyedService<IStore>(project);

    internal RunLimits Limits => services.GetRequiredService<RunLimits>();

    internal TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    /// <summary>Downloads the files behind messages, without the project's key.</summary>
    internal MediaClient Files => services.GetRequiredService<MediaClient>();

    /// <summary>Shared by everything that reads from the source with the project's key.</summary>
    internal RateBudget Budget => services.GetRequiredKeyedService<RateBudget>(project);

    /// <summary>Validates the settings of the source, without a request.</summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public void CheckSource() => _ = Kapso;

    /// <summary>Checks what an export needs before it is accepted. Without an archive, both sources are Kapso alone.</summary>
    /// <exception cref="SettingException">A setting of the source is wrong, or the store cannot be read.</exception>
    public async Task<RunRequest> SettleAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.Choice.Source == ExportSource.Both && !await ArchivePresence.IsThereAsync(Store, cancellationToken))
            request = request with { Choice = request.Choice with { Source = ExportSource.Kapso } };
        if (request.Choice.Source == ExportSource.Kapso)
            CheckSource();
        return request;
    }

    /// <summary>Validates the settings of the source and the archive, without a request.</summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public void CheckSettings()
    {
        CheckSource();
        _ = DefaultFormats;
        _ = MediaScope.Parse(Options.Media);
        _ = Read<CallbackOptions>();
        _ = VerificationParts;
        if (Options.Conversations is { Length: > 0 } conversations && !conversations.TrimStart().StartsWith('@'))
            _ = ConversationSelection.Parse(conversations, ConversationsSetting, _ => "");
    }

    /// <summary>Reads the options of a section.</summary>
    /// <exception cref="SettingException">A value is wrong; the message has a sentence for each.</exception>
    public T Read<T>()
        where T : class
    {
        try
        {
            return services.GetRequiredService<IOptionsMonitor<T>>().Get(project ?? Microsoft.Extensions.Options.Options.DefaultName);
        }
        catch (OptionsValidationException e)
        {
            throw new SettingException(string.Join(Environment.NewLine, e.Failures), e);
        }
    }

    /// <returns>A client of the source with its own counters and clock. One run uses one.</returns>
    internal KapsoClient Connect()
    {
        CheckSource();
        return services.GetRequiredKeyedService<KapsoClient>(project);
    }

    internal IStore OpenStore() => StoreOpener.Open(Options, Time);
}
