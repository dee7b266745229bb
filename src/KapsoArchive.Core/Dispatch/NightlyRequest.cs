namespace KapsoArchive.Core.Dispatch;

/// <summary>Builds the nightly run's request from the settings. A file of conversation ids must be in the store's state area, because a
/// hosted program has no other place for it.</summary>
public sealed class NightlyRequest(ProjectArchive archive)
{
    private const string Setting = ProjectArchive.ConversationsSetting;

    /// <summary>Whether a nightly run is configured.</summary>
    public bool IsSet => !string.IsNullOrWhiteSpace(archive.Options.Conversations);

    /// <exception cref="SettingException">The setting is missing.</exception>
    public void CheckIsSet()
    {
        if (!IsSet)
            throw new SettingException(
                $"{Setting} is missing. Set it to all, to conversation ids separated by commas, or to @FILE for a file of ids in "
                    + $"{archive.Store.LocationOf(StoreArea.State)}.");
    }

    /// <exception cref="SettingException">A setting is wrong, or the file does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<RunRequest> ReadAsync(string trigger, CancellationToken cancellationToken)
    {
        archive.CheckSettings();
        CheckIsSet();
        string conversations = archive.Options.Conversations!.Trim();
        string? list = conversations.StartsWith('@') ? await ListAsync(conversations[1..], cancellationToken) : null;
        return new RunRequest
        {
            Conversations = ConversationSelection.Parse(conversations, Setting, _ => list!),
            Formats = archive.DefaultFormats,
            Trigger = trigger,
            IsNightly = true,
        };
    }

    private async Task<string> ListAsync(string name, CancellationToken cancellationToken)
    {
        if (StorePath.TryCreate(StoreArea.State, name) is not { } path)
            throw new SettingException(
                $"{Setting}: @{name} cannot be a file of {archive.Store.LocationOf(StoreArea.State)}. "
                    + "Use a plain name, such as @conversations.txt.");
        return await archive.Store.ReadAsync(path, cancellationToken) is { } document
            ? Encoding.UTF8.GetString(document.Content.Span)
            : throw new SettingException(
                $"{Setting}: there is no file {name} in {archive.Store.LocationOf(StoreArea.State)}. "
                    + "Put it there, with one conversation id per line.");
    }
}
