namespace KapsoArchive.Core.Archive;

/// <summary>A setting or option is wrong. The message names it and the fix; nothing has been asked of the source yet.</summary>
public sealed class SettingException(string message, Exception? inner = null) : Exception(message, inner);
